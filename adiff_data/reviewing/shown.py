"""What the page shows of a row: texts, the claims of the answer, what the checks say, and the words of an edit."""

import re
from collections.abc import Sequence
from dataclasses import astuple
from difflib import SequenceMatcher
from typing import Any

from adiff_data.audio.differences import PairFacts
from adiff_data.checks.checking import check_all
from adiff_data.checks.verdicts import Finding, Outcome, Verdict
from adiff_data.claims import caption_words, truth_of_captions
from adiff_data.claims.edit_truth import kept_truth, with_edit
from adiff_data.claims.judged import judged_claims
from adiff_data.claims.marks import claim_marks
from adiff_data.records import Annotation
from adiff_data.tiers import ANSWER_KINDS

_WORDS = re.compile(r"\s*\S+")


def shown_answer(row: Annotation) -> dict[str, Any]:
    """An answer with its claims (`start, end, outcome, note` in characters) and what fails or is in doubt."""
    [findings] = check_all([row]).findings
    return {"text": row.answer, "marks": _marks(row), **_told(findings)}


def shown_row(row: Annotation) -> dict[str, Any]:
    """A row, without its recordings."""
    facts = row.provenance.facts or {}
    measured = PairFacts.from_dict(facts)
    return {
        "id": row.id,
        "tier": ANSWER_KINDS[row.tier].label,
        "request": row.input,
        "caption1": row.caption1,
        "caption2": row.caption2,
        "measured": [difference.words() for difference in measured.differences] if measured else [],
        "answer": shown_answer(row),
    }


def verdict_on(row: Annotation) -> Verdict:
    """What the checks say of a row by itself."""
    return check_all([row]).verdicts[0]


def word_difference(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts word by word: pieces that are `same`, `gone` or `new`, in order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[tuple[str, str]] = []
    for kind, start1, end1, start2, end2 in SequenceMatcher(None, _plain(old), _plain(new), False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(new[start2:end2])))
            continue
        pieces += [("gone", "".join(old[start1:end1]))] if end1 > start1 else []
        pieces += [("new", "".join(new[start2:end2]))] if end2 > start2 else []
    return pieces


def _plain(words: Sequence[str]) -> list[str]:
    return [word.strip() for word in words]


def _marks(row: Annotation) -> list[tuple[Any, ...]]:
    facts = PairFacts.from_dict(row.provenance.facts) if row.provenance.facts else None
    truth = truth_of_captions(row.caption1, row.caption2, caption_words, facts)
    if edit := kept_truth(row):
        truth = with_edit(truth, edit, caption_words)
    claims = judged_claims(row.answer, truth, caption_words)
    return [astuple(mark) for mark in claim_marks(row.answer, claims)]


def _told(findings: Sequence[Finding]) -> dict[str, list[str]]:
    by_outcome: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
    for finding in findings:
        by_outcome[finding.outcome].append(f"{finding.check}: {finding.reason}")
    return {"failed": by_outcome[Outcome.FAIL], "doubts": by_outcome[Outcome.UNDECIDED]}
