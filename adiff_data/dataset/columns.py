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


def features_of(dataset: str, kinds: Collection[str] = ()) -> Features:
    """The columns of a dataset, by its name in file names (`cld`, `edt`) and the kinds of answer that it has."""
    features = FEATURES_WITH_TRUTH if dataset == edited.CORPUS.dataset else FEATURES
    return features if set(kinds) <= TIERS.keys() else Features({**features, "tier": ANSWER_KIND})


@dataclass(frozen=True)
class PublishedRow:
    """One row on its way into a dataset.

    Attributes:
        annotation: the row as it was built, with its provenance if that is known.
        verdict: what the checks say about it; None if it was not checked.
        flags: what is wrong with it but was allowed: `failed checks`, `duplicate`, `self-pair`.
    """

    annotation: Annotation
    verdict: Verdict | None
    flags: tuple[str, ...]

    @property
    def was_measured(self) -> bool:
        """Whether there are measurements of its two recordings."""
        return "audio1" in (self.annotation.provenance.facts or {})

    @property
    def has_truth(self) -> bool:
        """Whether it is known how its two recordings differ, since they were made so."""
        return TRUTH in (self.annotation.provenance.facts or {})


def values(row: PublishedRow) -> dict[str, Any]:
    """The values of a row, by the names in `FEATURES_WITH_TRUTH`; `truth` is JSON, or None where it is not known."""
    annotation, verdict = row.annotation, row.verdict
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
    }


def _provenance(provenance: Provenance) -> dict[str, Any]:
    fields = provenance.model_dump(exclude={"row", "facts", "failure", "request"})
    request = provenance.request
    return {**fields, "request": None if request is None else json.dumps(request, ensure_ascii=False, sort_keys=True)}
