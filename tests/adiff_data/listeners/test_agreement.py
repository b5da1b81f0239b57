"""Krippendorff's alpha, beside its definition."""

import pytest

from adiff_data.listeners.agreement import alpha

ACTIONS = ("accept", "edit", "reject")


def test_alpha_follows_its_definition():
    """1 - observed / expected disagreement: of 3 rows and 6 opinions, 4 a and 2 r, one row is at odds."""
    opinions = [["accept", "accept"], ["accept", "reject"], ["accept", "reject"]]
    observed, expected = 2 / 3, 2 * 4 * 2 / (6 * 5)
    assert alpha(opinions, ACTIONS) == pytest.approx(1 - observed / expected)
    assert alpha([["accept", "accept"], ["reject", "reject"], ["edit", "edit"]], ACTIONS) == 1.0
    assert alpha([["accept", "accept"], ["accept", "accept"]], ACTIONS) is None
    assert alpha([["accept"], ["reject"]], ACTIONS) is None


def test_near_values_agree_better_than_far_ones_where_they_have_an_order():
    near, far = [[1, 2], [4, 5], [2, 2], [5, 5]], [[1, 5], [4, 1], [2, 2], [5, 5]]
    assert alpha(near, (1, 2, 3, 4, 5), "ordinal") > 0.5 > alpha(far, (1, 2, 3, 4, 5), "ordinal")
    assert alpha(near, (1, 2, 3, 4, 5)) < alpha(near, (1, 2, 3, 4, 5), "ordinal")
