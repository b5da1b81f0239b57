"""Findings as data, as the text of a verdict, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.checks.attribution import AttributionReason
from adiff_data.checks.both_sides import SidesReason
from adiff_data.checks.checking import CHECKS, check
from adiff_data.checks.contradiction import ContradictionReason
from adiff_data.checks.form import FormReason
from adiff_data.checks.measurements import MeasurementReason
from adiff_data.checks.over_dataset import DatasetReason
from adiff_data.checks.talk import TalkReason
from adiff_data.checks.verdicts import Finding, Outcome, failed, passed, read_verdicts, undecided, verdict_of
from adiff_data.core.json_lines import write_records
from tests.adiff_data.checks.conftest import annotation

KINDS = [
    *FormReason,
    *TalkReason,
    *MeasurementReason,
    *SidesReason,
    *AttributionReason,
    *ContradictionReason,
    *DatasetReason,
]
ARGUMENTS = [
    "audio",
    "difference",
    "failure",
    "least",
    "markup",
    "most",
    "phrase",
    "row",
    "splits",
    "times",
    "words",
    "wrapping",
]


@st.composite
def findings(draw) -> Finding:
    """Any kind of reason of any check, about any words."""
    values = st.one_of(st.text(max_size=20), st.integers(0, 500))
    arguments = {name: draw(values) for name in ARGUMENTS}
    outcome = draw(st.sampled_from([Outcome.FAIL, Outcome.UNDECIDED]))
    return Finding(draw(st.sampled_from(CHECKS)), outcome, draw(st.sampled_from(KINDS)), arguments)


@pytest.mark.slow
@given(findings())
def test_a_finding_is_read_back_from_its_text(finding):
    back = Finding.from_text(finding.as_text())
    assert (back.check, back.outcome, back.reason) == (finding.check, finding.outcome, finding.reason)
    assert back.as_text() == finding.as_text()


def test_words_of_an_answer_are_never_taken_for_arguments():
    finding = failed("talk", TalkReason.INTRODUCTION, words="{sentence} {0} %s")
    assert finding.reason == "it introduces itself ('{sentence} {0} %s')"
    assert Finding.from_text(finding.as_text()).reason == finding.reason


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_reason_is_a_sentence(kind):
    finding = failed("form", kind, **dict.fromkeys(ARGUMENTS, "x"))
    assert "{" not in finding.reason
    assert not finding.reason.endswith(".")


def test_a_verdict_names_failures_before_doubts():
    doubt = undecided("contradiction", ContradictionReason.NOTHING_MEASURED, words="louder")
    verdict = verdict_of(3, "id", [passed("talk"), doubt, failed("form", FormReason.TOO_SHORT, words=2, least=10)])
    assert verdict.reasons == (
        "form: it is too short for its tier: 2 words, at least 10 are wanted",
        "contradiction, undecided: it compares ('louder'), and nothing was measured",
    )
    assert (verdict.verdict, verdict.failed_checks) == ("fail", {"form"})


def test_a_doubt_alone_fails_nothing():
    verdict = verdict_of(1, "id", [undecided("both sides", SidesReason.ONLY_CONTRASTED)])
    assert (verdict.verdict, verdict.failed_checks) == ("pass", frozenset())


def test_verdicts_on_file_are_those_of_the_report(tmp_path):
    report = check([annotation(), annotation("Audio 1 is louder.")], attribution="words")
    write_records(tmp_path / "verdicts.jsonl", report.verdicts)
    assert list(read_verdicts(tmp_path / "verdicts.jsonl")) == report.verdicts
    assert report.verdicts[1].failed_checks == {name for name, failures in report.failures.items() if failures}
