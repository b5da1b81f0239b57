"""Which answers are reviewed, and which come first."""

from collections import Counter

import pytest

from adiff_data.checks.verdicts import Verdict
from adiff_data.records import Annotation, Provenance
from adiff_data.reviews.order import in_order


@pytest.fixture
def rows() -> list[Annotation]:
    def row(tier: str, number: int) -> Annotation:
        fields = dict.fromkeys(("corpus", "split", "filepath1", "filepath2", "caption1", "caption2", "strategy"), "x")
        fields |= {"taskname": "x", "input": "x", "answer": "x", "tier": tier, "id": f"{number}-{tier}"}
        return Annotation(**fields, provenance=Provenance(annotator="rules"))

    return [row(tier, number) for tier in ("fewwords", "detail") for number in range(20)]


@pytest.fixture
def verdicts(rows) -> dict[str, Verdict]:
    """Of ten rows the first fails, and of the second a check cannot decide."""

    def verdict(index: int, row: Annotation) -> Verdict:
        reasons = {0: ("form: it is empty",), 1: ("contradiction, undecided: no facts",)}.get(index % 10, ())
        return Verdict(row=index + 1, id=row.id, verdict="pass" if index % 10 else "fail", reasons=reasons)

    return {row.id: verdict(index, row) for index, row in enumerate(rows)}


def test_every_row_comes_once_whatever_the_order(rows, verdicts):
    for order in ("random", "failed", "strata"):
        ordered = in_order(rows, verdicts, order=order)
        assert sorted(row.id for row in ordered) == sorted(row.id for row in rows)
        assert ordered == in_order(rows, verdicts, order=order)
        assert ordered != in_order(rows, verdicts, order=order, seed=1)


def test_those_that_failed_come_first_and_then_the_undecided(rows, verdicts):
    ordered = [verdicts[row.id] for row in in_order(rows, verdicts, order="failed")]
    assert [verdict.verdict for verdict in ordered[:4]] == ["fail"] * 4
    assert all(verdict.reasons for verdict in ordered[4:8])
    assert not any(verdict.reasons for verdict in ordered[8:])


def test_of_each_stratum_one_comes_in_turn(rows, verdicts):
    first = in_order(rows, verdicts, order="strata")[:8]
    assert Counter((row.tier, verdicts[row.id].verdict) for row in first) == {
        (tier, verdict): 2 for tier in ("fewwords", "detail") for verdict in ("pass", "fail")
    }


def test_a_share_is_taken_of_each_stratum(rows, verdicts):
    drawn = Counter((row.tier, verdicts[row.id].verdict) for row in in_order(rows, verdicts, share=0.25))
    assert drawn == {
        ("fewwords", "pass"): 5, ("fewwords", "fail"): 1, ("detail", "pass"): 5, ("detail", "fail"): 1,
    }  # fmt: skip
