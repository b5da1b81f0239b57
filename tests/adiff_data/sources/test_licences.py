"""A licence is known by the whole of its text, or it is not known and not published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.sources.licences import UNKNOWN, forbidden, licence_name

KNOWN = {
    "CC0 1.0": (
        "CC0", "CC0-1.0", "cc-0", "CC Zero", "Creative Commons 0", "Creative Commons Zero v1.0 Universal",
        "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication",
        "http://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "Public Domain Mark 1.0": ("PDM 1.0", "http://creativecommons.org/publicdomain/mark/1.0/"),
    "CC BY": ("CC BY", "cc-by", "CC_BY"),
    "CC BY 4.0": (
        "CC BY 4.0", "CC-BY-4.0", "cc by 4", "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/deed.de", "creativecommons.org/licenses/by/4.0",
        "//creativecommons.org/licenses/by/4.0/",
    ),
    "CC BY 3.0": ("CC-BY-3.0-US", "CC BY 3.0 (http://creativecommons.org/licenses/by/3.0/)"),
    "CC BY-SA 2.5": ("https://www.creativecommons.org/licenses/by-sa/2.5/",),
    "CC BY-NC 3.0": (
        "http://creativecommons.org/licenses/by-nc/3.0/us/", "Creative Commons Attribution-NonCommercial 3.0 Unported",
        "CC BY\N{EM DASH}NC 3.0",
    ),
    "CC BY-NC-SA 4.0": ("CC-BY-NC-SA-4.0", "CC BY-SA-NC 4.0"),
    "CC BY-NC-ND": ("CC BY NC ND", "CC BY\N{NON-BREAKING HYPHEN}NC\N{NON-BREAKING HYPHEN}ND"),
    "CC BY-NC-ND 4.0": ("CC BY NC ND 4.0",),
    "CC BY-ND": ("CC BY ND", "Creative Commons BY NoDerivatives"),
    "Sampling+ 1.0": ("Sampling+", "https://creativecommons.org/licenses/sampling+/1.0/"),
}  # fmt: skip
NOT_KNOWN = (
    "", "CC", "BY", "Attribution", "Public Domain", "MIT", "not CC0", "All rights reserved (was CC0 1.0)",
    "CC BY or later", "CC0 / CC BY 4.0", "CC BY-ND-SA", "CC BY 9.0", "CC BY 4.0 DE", "CC BY, except where noted",
    "creativecommons.org.example.com/licenses/by/4.0", "CC BY 4.0 (http://creativecommons.org/licenses/by-nc/4.0/)",
)  # fmt: skip


@pytest.mark.parametrize(("text", "name"), [(text, name) for name, texts in KNOWN.items() for text in texts])
def test_a_licence_is_known_however_it_is_written(text, name):
    assert licence_name(text) == name


@pytest.mark.parametrize("text", NOT_KNOWN)
def test_what_is_left_over_is_not_known_and_not_published(text):
    assert licence_name(text) is None
    assert forbidden(text) == UNKNOWN


@pytest.mark.parametrize("text", [text for name, texts in KNOWN.items() if "ND" in name for text in texts])
def test_no_derivatives_means_no_clip(text):
    assert "no derivatives" in forbidden(text)


@given(st.sampled_from(["CC0", "CC BY 4.0", "CC BY-NC 3.0"]), st.text("abcdefghijklmnopqrstuvwxyz", min_size=5))
def test_any_other_word_beside_a_licence_makes_it_unknown(licence, word):
    assert licence_name(f"{word} {licence}") is None or word in ("attribution", "commons")
