"""What stands on disk was made with the settings of today, or the difference is named."""

from pathlib import Path

import pytest

from adiff_data.core.settings import OtherSettingsError, read_settings, require_same_settings

FILE = Path("corpus")


def test_the_same_settings_pass_whatever_their_python_types():
    require_same_settings(FILE, {"tiers": ["detail"], "seed": 0}, {"tiers": ("detail",), "seed": 0}, mend="…")


def test_a_setting_that_is_none_is_as_good_as_one_that_is_missing():
    require_same_settings(FILE, {"seed": 0, "facts": None, "size": {"hidden": None}}, {"seed": 0, "size": {}}, mend="…")


@pytest.mark.parametrize(
    ("kept", "given", "told"),
    [
        ({"seed": 3}, {"seed": 0}, "made with seed = 3, not 0"),
        ({}, {"seed": 0}, "made with seed = null, not 0"),
        ({"steps": [{"rate": 1}, {"rate": 2}]}, {"steps": [{"rate": 1}, {"rate": 3}]}, "steps.1.rate = 2, not 3"),
        ({"model": {"size": {"hidden": 8}}}, {"model": {"size": {"hidden": 16}}}, "model.size.hidden = 8, not 16"),
        ({"steps": [1]}, {"steps": [1, 2]}, "steps = [1], not [1, 2]"),
    ],
)
def test_the_first_difference_is_named(kept, given, told):
    with pytest.raises(OtherSettingsError, match="mend it") as caught:
        require_same_settings(FILE, kept, given, mend="mend it")
    assert told in str(caught.value)


def test_a_file_without_settings_has_none(tmp_path):
    assert read_settings(tmp_path / "missing.json") is None
    (tmp_path / "broken.json").write_text("{")
    assert read_settings(tmp_path / "broken.json") is None
