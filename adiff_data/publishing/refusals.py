"""Which rows are not published: empty and failed answers, duplicates, self-pairs, and clips in both train and test."""

import logging
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from adiff_data.checks.verdicts import Verdict
from adiff_data.core.errors import InputError
from adiff_data.records import Annotation
from adiff_data.reviews.results import ReviewedRow
from adiff_data.sources import corpus_of_path

_log = logging.getLogger(__name__)
FAILED, DUPLICATE, SELF_PAIR = "failed checks", "duplicate", "self-pair"
FLAGS = (FAILED, DUPLICATE, SELF_PAIR)
_MENDS = {
    FAILED: "build with `verdicts` and `reviews`, or `include_failed=True` publishes it with a flag",
    DUPLICATE: "`include_duplicates=True` publishes it with a flag",
    SELF_PAIR: "`include_self_pairs=True` publishes it with a flag",
}


class Screening:
    """Looks at the rows of a whole repository one by one, and remembers them.

    Args:
        allowed: those of `FLAGS` whose rows are published all the same, with a flag.
    """

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(allowed)
        self._ids_of_config: dict[str, set[str]] = defaultdict(set)
        self._splits_of_recording: dict[str, set[str]] = defaultdict(set)
        self._in_several_splits: set[str] = set()

    def flags_of(
        self,
        annotation: Annotation,
        verdict: Verdict | None,
        config: str,
        split: str,
        *,
        file: Path,
        row: int,
        review: ReviewedRow | None = None,
    ) -> tuple[str, ...]:
        """The flags of a row.

        Args:
            annotation: the row.
            verdict: what its checks say; None if it was not checked.
            config, split: where it is going to be.
            file, row: where it is from, for the error.
            review: what people said of it; None where nobody did.

        Raises:
            InputError: the row must not be published.
        """
        if not annotation.answer.strip():
            raise InputError("the answer is empty", file=file, row=row, mend="annotate it again, and build")
        reasons = self._reasons_by_flag(annotation, verdict, review, config)
        for flag, reason in reasons.items():
            if flag not in self._allowed:
                raise InputError(reason, file=file, row=row, mend=_MENDS[flag])
        self._ids_of_config[config].add(annotation.id)
        for filepath in (annotation.filepath1, annotation.filepath2):
            if self._is_in_train_and_test(filepath, split):
                raise InputError(
                    f"the clip {filepath} stands in train and in test", file=file, row=row, mend="pair again"
                )
        return tuple(reasons)

    def warn(self) -> None:
        """Warns in the log about clips in several splits, which are published all the same."""
        if self._in_several_splits:
            example = min(self._in_several_splits)
            count = len(self._in_several_splits)
            _log.warning("%d clips stand in validation and in another split, %s among them", count, example)

    def _reasons_by_flag(
        self, annotation: Annotation, verdict: Verdict | None, review: ReviewedRow | None, config: str
    ) -> dict[str, str]:
        reasons = {}
        if failure := _failure(annotation, verdict, review):
            reasons[FAILED] = failure
        if annotation.id in self._ids_of_config[config]:
            reasons[DUPLICATE] = f"the pair and tier stand twice (id {annotation.id})"
        if annotation.filepath1 == annotation.filepath2:
            reasons[SELF_PAIR] = f"audio 1 and audio 2 are the same clip ({annotation.filepath1})"
        return reasons

    def _is_in_train_and_test(self, filepath: str, split: str) -> bool:
        """Whether a clip, which is in `split`, is now in both. It is remembered if it is in several splits."""
        splits = self._splits_of_recording[recording_key(filepath)]
        if split in splits:
            return False
        splits.add(split)
        if len(splits) > 1:
            self._in_several_splits.add(filepath)
        return {"train", "test"} <= splits


def _failure(annotation: Annotation, verdict: Verdict | None, review: ReviewedRow | None) -> str:
    """What is wrong with an answer; what people say of it counts more than its checks. Empty where nothing is."""
    if review is not None and review.is_rejected:
        return "people rejected the answer"
    if review is not None and review.is_verified:
        return "" if annotation.answer == review.answer else "the answer is the one before people edited it"
    failed = verdict is not None and verdict.failed
    return f"the row did not pass its checks ({'; '.join(verdict.reasons[:1])})" if verdict and failed else ""


def recording_key(filepath: str) -> str:
    """A key that is the same for all paths of one recording.

    It is YouTube's id for clips from YouTube, which are in several corpora and splits, and the path for all others.
    (Clotho has different clips of the same name in two splits.)
    """
    corpus = corpus_of_path(filepath)
    youtube_id = corpus.youtube_id(filepath) if corpus else None
    return f"youtube:{youtube_id}" if youtube_id else filepath
