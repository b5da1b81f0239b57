"""What is not published unasked: empty and failed answers, rows that stand twice, self-pairs, clips that leak."""

import logging
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from adiff_data.checks.verdicts import Verdict
from adiff_data.core.errors import InputError
from adiff_data.records import Annotation
from adiff_data.sources import corpus_of_path

_log = logging.getLogger(__name__)
FAILED, DUPLICATE, SELF_PAIR = "failed checks", "duplicate", "self-pair"
FLAGS = (FAILED, DUPLICATE, SELF_PAIR)
_MENDS = {
    FAILED: "build with --verdicts, or --include-failed publishes it with a flag",
    DUPLICATE: "--include-duplicates publishes it with a flag",
    SELF_PAIR: "--include-self-pairs publishes it with a flag",
}


class Gate:
    """Lets the rows of a whole repository pass one by one, and remembers them.

    Args:
        allowed: which of `FLAGS` may pass; such rows are flagged.
    """

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(allowed)
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._splits: dict[str, set[str]] = defaultdict(set)
        self._overlapping: set[str] = set()

    def flags_of(
        self, annotation: Annotation, verdict: Verdict | None, config: str, split: str, place: tuple[Path, int]
    ) -> tuple[str, ...]:
        """The row's flags.

        Raises:
            InputError: the row must not be published; it is named by `place`, its file and row.
        """
        file, row = place
        if not annotation.answer.strip():
            raise InputError("the answer is empty", file=file, row=row, mend="annotate it again, and build")
        found = []
        if verdict is not None and verdict.failed:
            found.append((FAILED, f"the row did not pass its checks ({'; '.join(verdict.reasons[:1])})"))
        if annotation.id in self._ids[config]:
            found.append((DUPLICATE, f"the pair and tier stand twice (id {annotation.id})"))
        if annotation.filepath1 == annotation.filepath2:
            found.append((SELF_PAIR, f"audio 1 and audio 2 are the same clip ({annotation.filepath1})"))
        for flag, reason in found:
            if flag not in self._allowed:
                raise InputError(reason, file=file, row=row, mend=_MENDS[flag])
        self._ids[config].add(annotation.id)
        self._require_one_side(annotation, split, place)
        return tuple(flag for flag, _ in found)

    def warn(self) -> None:
        """Says in the log what was let through."""
        if self._overlapping:
            example = min(self._overlapping)
            _log.warning(
                "%d clips stand in validation and in another split, %s among them", len(self._overlapping), example
            )

    def _require_one_side(self, annotation: Annotation, split: str, place: tuple[Path, int]) -> None:
        for filepath in (annotation.filepath1, annotation.filepath2):
            splits = self._splits[recording(filepath)]
            if split in splits:
                continue
            splits.add(split)
            if {"train", "test"} <= splits:
                raise InputError(
                    f"the clip {filepath} stands in train and in test", file=place[0], row=place[1], mend="pair again"
                )
            if len(splits) > 1:
                self._overlapping.add(filepath)


def recording(filepath: str) -> str:
    """What tells whether two paths are of one recording: YouTube's id for clips from there, which stand under several
    corpora and splits; the path itself for others. (Clotho has different clips of one name in two splits.)"""
    corpus = corpus_of_path(filepath)
    youtube_id = corpus.youtube_id(filepath) if corpus else None
    return f"youtube:{youtube_id}" if youtube_id else filepath
