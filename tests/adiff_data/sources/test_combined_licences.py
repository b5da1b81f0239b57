"""A clip that is made of several recordings is handed on under terms that keep all of theirs, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.sources.combined_licences import combined_licence, combined_source
from adiff_data.sources.licences import ClipSource, forbidden

NAMES = ("CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 3.0", "CC BY-NC-SA 4.0", "CC BY-ND 4.0", "Sampling+ 1.0")


@pytest.mark.parametrize(
    ("licences", "combined"),
    [
        (("CC0 1.0", "CC0"), "CC0 1.0"),
        (("Public Domain Mark 1.0", "CC0"), "CC0 1.0"),
        (("CC0 1.0", "https://creativecommons.org/licenses/by/4.0/"), "CC BY 4.0"),
        (("CC BY 3.0", "CC BY 4.0", "CC BY"), "CC BY 4.0"),
        (("CC BY 4.0", "CC BY-NC 3.0"), "CC BY-NC 3.0"),
        (("CC BY 4.0", "CC BY-SA 4.0"), "CC BY-SA 4.0"),
        (("CC BY-NC 3.0", "CC BY-NC-SA 4.0"), "CC BY-NC-SA 4.0"),
        (("CC BY-NC 3.0", "CC BY-SA 4.0"), None),
        (("CC BY-SA 4.0", "CC BY-NC-SA 4.0"), None),
        (("CC0 1.0", "CC BY-ND 4.0"), "CC BY-ND 4.0"),
        (("CC BY 4.0", "CC BY-ND 4.0"), None),
        (("Sampling+ 1.0", "CC0 1.0"), "Sampling+ 1.0"),
        (("Sampling+ 1.0", "CC BY 4.0"), None),
        (("CC0 1.0", None), None),
        (("CC0 1.0", "all rights reserved"), None),
        ((), None),
    ],
)
def test_the_licence_keeps_the_terms_of_all(licences, combined):
    assert combined_licence(licences) == combined


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_what_one_recording_forbids_the_whole_forbids(licences):
    combined = combined_licence(licences)
    assert combined_licence(licences[::-1]) == combined
    if any(forbidden(licence) for licence in licences):
        assert forbidden(combined)
    if combined and any("-NC" in licence for licence in licences):
        assert "-NC" in combined


def test_all_authors_are_named_once():
    first = ClipSource(title="Dog", author="Ada", licence="CC BY 4.0", link="https://a")
    second = ClipSource(title="Rain", author="Ada", licence="CC0 1.0")
    assert combined_source([first, second, first]) == ClipSource(
        title="Dog; Rain", author="Ada", licence="CC BY 4.0", link="https://a"
    )
    assert combined_source([first, None]).licence is None
