"""Whether an answer tells a clip from others: does what it says of an audio find that clip among all of the split?

What an answer says of one audio (`claims.sides`) is a query, and the clips are what is searched, each by its captions,
as sentence embeddings (MiniLM). A generic answer finds no clip, however true it is.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from adiff_data.checks.attribution import Embed, embeddings_installed, load_embedding
from adiff_data.claims.sides import sides_of
from adiff_data.core.distribution import install_hint
from adiff_data.core.seeded import Seeded
from adiff_data.tiers import is_about_similarity
from adiff_model.metrics.bootstrap import bootstrap, confidence_interval, mean_statistic
from adiff_model.metrics.text_scores import NoScore, Score
from adiff_model.prediction_file import Prediction

OWN_CLIP_FOUND = "own clip found"
_PLACES = 10
_MOST_ROWS = 500  # that are searched with: embedding takes a second for some ten answers of detail
_QUERIES_AT_ONCE = 1024


def find_embedding() -> Embed | NoScore:
    """Sentence embeddings, or how to install them."""
    missing = NoScore(f"needs sentence embeddings: {install_hint('embeddings')}")
    if not embeddings_installed():
        return missing
    try:
        return load_embedding()
    except ImportError:  # of what the package itself needs, such as torch
        return missing


def remembering(embed: Embed) -> Embed:
    """The same embeddings, each made once: several systems are held against the same captions."""
    known: dict[str, np.ndarray] = {}

    def remembered(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, embed(new), strict=True))
        return np.stack([known[text] for text in texts])

    return remembered


def own_clips_found(rows: Sequence[Prediction], embed: Embed | NoScore) -> Score | NoScore:
    """The mean nDCG@10 (Järvelin and Kekäläinen, 2002) of both audios' own clips, 0 to 1.

    One clip is relevant, so that it is 1 / log2(1 + place) where the clip is among the first ten, and 0 elsewhere. What
    an answer does not say finds nothing. A clip is as near as the nearest of its captions, and among clips that are as
    near, the own one has the middle place. Of more than 500 rows, so many are drawn, the same for all systems; the
    clips of all rows are searched.
    """
    if isinstance(embed, NoScore):
        return embed
    if any(is_about_similarity(row.tier) for row in rows):
        return NoScore("an answer on what both share describes no clip of its own")
    captions = _captions_of_clips(rows)
    if len(captions) < 2:
        return NoScore("fewer than two clips have a caption")
    sample = _sample(len(rows))
    asked = rows if sample is None else [rows[row] for row in sample]
    gains = _gains(asked, captions, embed).reshape(-1, 2).mean(axis=1)
    distribution = bootstrap(mean_statistic(gains.tolist()), len(gains))
    return Score(float(gains.mean()), confidence_interval(distribution), gains.tolist(), distribution, sample)


def _sample(num_rows: int) -> tuple[int, ...] | None:
    if num_rows <= _MOST_ROWS:
        return None
    return tuple(sorted(Seeded("own clip found", num_rows).sample(range(num_rows), _MOST_ROWS)))


def _captions_of_clips(rows: Sequence[Prediction]) -> dict[str, list[str]]:
    """By path, the different captions of each clip."""
    captions: dict[str, dict[str, None]] = {}
    for row in rows:
        for path, caption in ((row.filepath1, row.caption1), (row.filepath2, row.caption2)):
            if caption.strip():
                captions.setdefault(path, {})[caption] = None
    return {path: list(texts) for path, texts in captions.items()}


def _gains(rows: Sequence[Prediction], captions: Mapping[str, Sequence[str]], embed: Embed) -> np.ndarray:
    """The nDCG@10 of each row's audio 1 and audio 2, in turn; shape (2 x rows,)."""
    clip_of_path = {path: index for index, path in enumerate(captions)}
    owners = np.array([clip_of_path[path] for path, texts in captions.items() for _ in texts])
    begins = np.flatnonzero(np.diff(owners, prepend=-1))
    known = embed([text for texts in captions.values() for text in texts])
    texts_of_sides = [text for row in rows for text in sides_of(row.prediction)[:2]]
    paths = [path for row in rows for path in (row.filepath1, row.filepath2)]
    asked = [
        (place, text, clip_of_path[path])
        for place, (text, path) in enumerate(zip(texts_of_sides, paths, strict=True))
        if text.strip() and path in clip_of_path
    ]
    gains = np.zeros(2 * len(rows))
    for start in range(0, len(asked), _QUERIES_AT_ONCE):
        places, texts, clips = zip(*asked[start : start + _QUERIES_AT_ONCE], strict=True)
        nearness = np.maximum.reduceat(embed(texts) @ known.T, begins, axis=1)
        own = nearness[np.arange(len(clips)), list(clips)]
        nearer, as_near = (nearness > own[:, None]).sum(axis=1), (nearness == own[:, None]).sum(axis=1)
        place = 1 + nearer + (as_near - 1) / 2
        gains[list(places)] = np.where(place <= _PLACES, 1 / np.log2(1 + place), 0.0)
    return gains
