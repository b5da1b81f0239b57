"""The columns of a published dataset: their types, and the values of a row."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from datasets import Audio, ClassLabel, Features, List, Value

from adiff_data.audio.facts import FACT_NAMES
from adiff_data.checks.verdicts import Verdict
from adiff_data.claims.edit_truth import TRUTH
from adiff_data.records import Annotation, Provenance
from adiff_data.reviews.results import ReviewedRow
from adiff_data.sources import edited
from adiff_data.tiers import ANSWER_KINDS, TIERS

TEXT = Value("string")
TIER = ClassLabel(names=list(TIERS))
ANSWER_KIND = ClassLabel(names=list(ANSWER_KINDS))  # of a dataset that has more kinds of answer than the tiers
_CLIP_FACTS = {name: Value("float32") for name in FACT_NAMES}

FEATURES = Features(
    {
        "id": TEXT,
        "audio1_path": TEXT,
        "audio2_path": TEXT,
        "caption1": TEXT,
        "caption2": TEXT,
        "tier": TIER,
        "prompt": TEXT,
        "answer": TEXT,
        "corpus": TEXT,
        "source_split": TEXT,
        "strategy": TEXT,
        "similarity": Value("float32"),
        "facts": {"audio1": _CLIP_FACTS, "audio2": _CLIP_FACTS, "differences": List(TEXT)},
        "provenance": {
            "annotator": TEXT,
            "model": TEXT,
            "prompt_version": TEXT,
            "prompt_hash": TEXT,
            "request": TEXT,
            "attempts": Value("int32"),
            "finish_reason": TEXT,
            "tokens_in": Value("int32"),
            "tokens_out": Value("int32"),
            "cost": Value("float64"),
            "seconds": Value("float64"),
        },
        "verdict": TEXT,
        "reasons": List(TEXT),
        "flags": List(TEXT),
    }
)
FEATURES_WITH_TRUTH = Features({**FEATURES, "truth": TEXT})  # of pairs whose difference is known, since it was made
REVIEW_FEATURES = {  # of datasets that people reviewed
    "verified": Value("bool"),
    "edited": Value("bool"),
    "reviewers": Value("int32"),
    "agreement": Value("float32"),
    "original_answer": TEXT,
}
CLIP_FEATURES = Features(
    {
        "path": TEXT,
        "audio": Audio(),
        "title": TEXT,
        "author": TEXT,
        "licence": TEXT,
        "link": TEXT,
        "why_not": TEXT,
        "corpus": TEXT,
        "source_split": TEXT,
    }
)


def features_of(dataset: str, kinds: Collection[str] = (), *, reviewed: bool = False) -> Features:
    """The columns of a dataset.

    Args:
        dataset: its name in file names (`cld`, `edt`).
        kinds: the kinds of answer that it has.
        reviewed: whether people reviewed any of its rows.
    """
    features = FEATURES_WITH_TRUTH if dataset == edited.CORPUS.dataset else FEATURES
    if reviewed:
        features = Features({**features, **REVIEW_FEATURES})
    return features if set(kinds) <= TIERS.keys() else Features({**features, "tier": ANSWER_KIND})


@dataclass(frozen=True)
class PublishedRow:
    """One row on its way into a dataset.

    Attributes:
        annotation: the row as it was built, with its provenance if that is known.
        verdict: what the checks say about it; None if it was not checked.
        flags: what is wrong with it but was allowed: `failed checks`, `duplicate`, `self-pair`.
        review: what people said of it; None where nobody did.
    """

    annotation: Annotation
    verdict: Verdict | None
    flags: tuple[str, ...]
    review: ReviewedRow | None = None

    @property
    def was_measured(self) -> bool:
        """Whether there are measurements of its two recordings."""
        return "audio1" in (self.annotation.provenance.facts or {})

    @property
    def is_verified(self) -> bool:
        """Whether people let this answer stand, or wrote it."""
        review = self.review
        return review is not None and review.is_verified and review.answer == self.annotation.answer

    @property
    def is_edited(self) -> bool:
        """Whether people wrote this answer."""
        return self.review is not None and self.review.outcome == "edit" and self.is_verified

    @property
    def has_truth(self) -> bool:
        """Whether it is known how its two recordings differ, since they were made so."""
        return TRUTH in (self.annotation.provenance.facts or {})


def values(row: PublishedRow) -> dict[str, Any]:
    """The values of a row, by the names of all columns that a dataset of pairs can have.

    `truth` is JSON, or None where it is not known; `original_answer` is None where it was not edited.
    """
    annotation, verdict, review = row.annotation, row.verdict, row.review
    known = annotation.provenance.facts or {}
    return {
        "id": annotation.id,
        "audio1_path": annotation.filepath1,
        "audio2_path": annotation.filepath2,
        "caption1": annotation.caption1,
        "caption2": annotation.caption2,
        "tier": ANSWER_KIND.str2int(annotation.tier),
        "prompt": annotation.input,
        "answer": annotation.answer,
        "corpus": annotation.corpus,
        "source_split": annotation.split,
        "strategy": annotation.strategy,
        "similarity": annotation.similarity,
        "facts": known if row.was_measured else None,
        "provenance": _provenance(annotation.provenance),
        "verdict": verdict.verdict if verdict else None,
        "reasons": list(verdict.reasons) if verdict else None,
        "flags": list(row.flags),
        "truth": json.dumps(known[TRUTH], ensure_ascii=False, sort_keys=True) if TRUTH in known else None,
        "verified": row.is_verified,
        "edited": row.is_edited,
        "reviewers": len(review.said) if review else 0,
        "agreement": review.agreement if review else None,
        "original_answer": review.original if review and row.is_edited else None,
    }


def _provenance(provenance: Provenance) -> dict[str, Any]:
    fields = provenance.model_dump(exclude={"row", "facts", "failure", "request"})
    request = provenance.request
    return {**fields, "request": None if request is None else json.dumps(request, ensure_ascii=False, sort_keys=True)}
