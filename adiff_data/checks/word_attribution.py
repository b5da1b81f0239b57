"""The check of attribution by words alone: which caption's words stand in which half of an answer?

Less than sentence embeddings can tell: it finds sides that were exchanged where the captions' own words show it, and
cannot decide where they do not.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from adiff_data.checks.attribution import NAME, SWAPPED
from adiff_data.checks.content_words import content_stems
from adiff_data.checks.finding import Finding, failed, passed, undecided
from adiff_data.checks.sides import sides_of
from adiff_data.records import Annotation

ON_WORDS = "on words alone"
# What an exchange must explain better than the answer as it stands, in nats: a word of one caption in twenty.
# `python benchmarks/checks.py --words` prints what that finds and what it costs.
_LEAST_EVIDENCE = 3.0
_LEAST_RATIO = 2.0
_LEAST_CAPTIONS = 200  # in a few captions every word is rare: it counts as if there were so many


def word_attribution(annotations: Sequence[Annotation]) -> list[Finding]:
    """What the check says of each answer, with the weights of words from all their captions."""
    weights = _weights([caption for row in annotations for caption in (row.caption1, row.caption2)])
    return [_finding(row, weights) for row in annotations]


def _finding(row: Annotation, weights: dict[str, float]) -> Finding:
    sides = sides_of(row.answer)
    first, second = content_stems(sides.first), content_stems(sides.second)
    caption1, caption2 = content_stems(row.caption1), content_stems(row.caption2)
    only1, only2 = caption1 - caption2, caption2 - caption1
    own = _weight(first & only1, weights) + _weight(second & only2, weights)
    exchanged = _weight(first & only2, weights) + _weight(second & only1, weights)
    if exchanged - own >= _LEAST_EVIDENCE and exchanged >= _LEAST_RATIO * own:
        return failed(NAME, SWAPPED)
    return passed(NAME) if own > exchanged else undecided(NAME, f"{ON_WORDS}, which do not tell the sides")


def _weights(texts: Iterable[str]) -> dict[str, float]:
    """The inverse document frequency of each stem over the distinct captions, in nats."""
    distinct = set(texts)
    counts = Counter(stem for caption in distinct for stem in content_stems(caption))
    captions = 1 + max(len(distinct), _LEAST_CAPTIONS)
    return {stem: math.log(captions / count) for stem, count in counts.items()}


def _weight(stems: Iterable[str], weights: dict[str, float]) -> float:
    return sum(weights[stem] for stem in stems)
