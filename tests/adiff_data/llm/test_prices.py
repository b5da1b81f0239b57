"""What tokens cost."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.llm import Price, read_price


def test_prices_come_from_the_table_or_the_users_own(tmp_path):
    assert read_price("gpt-4o-mini").of(1_000_000, 1_000_000) == pytest.approx(0.75)
    assert read_price("nobody") is None
    own = tmp_path / "prices.json"
    own.write_text('{"mine": {"input": 1, "output": 2}}')
    assert read_price("mine", own) == Price(input=1, output=2)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no", r"row 1: not a table of prices: not JSON \(column 1: "),
        ('{"m": {"input": 1,\n "output": }}', r"row 2: not a table of prices: not JSON \(column 12: "),
        ('{"m": 3}', "json: not a table of prices: m: "),
        ('{"m": {"input": -1, "output": 2}}', "json: not a table of prices: m: input: "),
        ("[]", "json: not a table of prices: "),
    ],
)
def test_a_wrong_table_of_prices_is_an_error_with_its_place(tmp_path, text, place):
    own = tmp_path / "prices.json"
    own.write_text(text)
    with pytest.raises(InputError, match=place):
        read_price("mine", own)
