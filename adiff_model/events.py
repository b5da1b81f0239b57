"""The events detected in a clip (AudioSet's classes), and those that a text names but no clip contains."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import snowballstemmer

DETECTION_THRESHOLD = 0.1  # probability; AudioSet's classes are rare, and present ones seldom exceed 0.5
_WORD = re.compile(r"[a-z]+")
_REMARK = re.compile(r"\(.*?\)")
_VAGUE = re.compile(  # stems of words that name no source
    r"\b(?:sound|nois|silenc|insid|outsid|synthet|single|tone|echo|hum|effect|unit|field|environment|room|space)\b"
)


@dataclass(frozen=True)
class Event:
    """An AudioSet class and its probability, 0 to 1."""

    name: str
    probability: float


class ClassPlace(NamedTuple):
    """Where a text names a class, `text[start:end]`, and the indices of the classes that have this name."""

    start: int
    end: int
    classes: tuple[int, ...]


@cache
def class_names() -> tuple[str, ...]:
    """The display names of AudioSet's 527 classes, in their order."""
    table = (files(__package__) / "audioset_classes.csv").read_text(encoding="utf-8")
    return tuple(row["display_name"] for row in csv.DictReader(io.StringIO(table)))


def top_events(probabilities: np.ndarray, count: int = 5) -> tuple[Event, ...]:
    """The `count` most probable classes, most probable first."""
    names = class_names()
    indices = np.argsort(-probabilities, kind="stable")[:count]
    return tuple(Event(names[index], round(float(probabilities[index]), 4)) for index in indices)


def undetected_classes(
    text: str, clips: Sequence[np.ndarray], known: Collection[int], threshold: float = DETECTION_THRESHOLD
) -> tuple[str, ...]:
    """The classes that `text` names and that were detected in no clip: a sign of an invented sound.

    Only classes that the event head knows are judged; of a name that another class has too, nothing is said.

    A class is named if the words of one of its names ("Bark", "Baby cry, infant cry") follow one another in the text,
    whatever their endings. Words that name no source ("Sound effect", "Inside") do not count.

    Args:
        clips: the class probabilities of each clip.
        known: the indices of the classes that the event head was trained on.
        threshold: the probability from which a class counts as detected.
    """
    known_set = frozenset(known)
    detected = np.max(np.stack(clips), axis=0) >= threshold
    missing = {
        indices[0] for indices in _named(text) if known_set.issuperset(indices) and not detected[list(indices)].any()
    }
    names = class_names()
    return tuple(names[index] for index in sorted(missing))


def named_classes(text: str) -> frozenset[str]:
    """The classes that a text names, as in `undetected_classes`; of several classes with one name, the first."""
    names = class_names()
    return frozenset(names[indices[0]] for indices in _named(text))


def _named(text: str) -> Iterator[tuple[int, ...]]:
    """For each class name in a text, the indices of the classes that have it."""
    return (place.classes for place in class_places(text))


@lru_cache(maxsize=4096)  # grounding asks it of each candidate several times
def class_places(text: str) -> tuple[ClassPlace, ...]:
    """Each place where a text names a class: longer names first, and no word twice."""
    words = list(_WORD.finditer(text.lower()))
    stems: list[str | None] = list(_stemmer().stemWords([word.group() for word in words]))
    present, places = set(stems), []
    for name, indices in _classes_by_name():
        parts = name.split()
        while parts[0] in present and (first := _find(stems, parts)) is not None:
            last = first + len(parts)
            stems[first:last] = [None] * len(parts)  # "baby cry" does not also name "crying"
            places.append(ClassPlace(words[first].start(), words[last - 1].end(), indices))
    return tuple(places)


def _find(stems: Sequence[str | None], parts: Sequence[str]) -> int | None:
    places = (place for place, stem in enumerate(stems) if stem == parts[0])
    return next((place for place in places if list(stems[place : place + len(parts)]) == list(parts)), None)


@cache
def _classes_by_name() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The stemmed names of classes, longest first, with the indices of the classes that have them."""
    indices: dict[str, list[int]] = {}
    for index, display_name in enumerate(class_names()):
        for part in _REMARK.sub("", display_name).split(","):
            name = " ".join(_stems(part))
            if name and not _VAGUE.search(name):
                indices.setdefault(name, []).append(index)
    ordered = sorted(indices, key=lambda name: (-name.count(" "), name))
    return tuple((name, tuple(indices[name])) for name in ordered)


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


def _stems(text: str) -> list[str]:
    return _stemmer().stemWords(_WORD.findall(text.lower()))
