"""What a clip was heard to hold (AudioSet's classes), and what a text names that was not heard."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import snowballstemmer

HEARD_FROM = 0.1  # probability; AudioSet's classes are rare, and those that are there seldom pass 0.5
_WORD = re.compile(r"[a-z]+")
_REMARK = re.compile(r"\(.*?\)")
_VAGUE = re.compile(  # word stems that name no source
    r"\b(?:sound|nois|silenc|insid|outsid|synthet|single|tone|echo|hum|effect|unit|field|environment|room|space)\b"
)


@dataclass(frozen=True)
class Event:
    """An AudioSet class and its probability, 0 to 1."""

    name: str
    probability: float


@cache
def class_names() -> tuple[str, ...]:
    """The display names of AudioSet's 527 classes, in their order."""
    table = files(__package__) / "audioset_classes.csv"
    with table.open(encoding="utf-8", newline="") as file:
        return tuple(row["display_name"] for row in csv.DictReader(file))


def likeliest(probabilities: np.ndarray, count: int = 5) -> tuple[Event, ...]:
    """The `count` likeliest classes, likeliest first."""
    names = class_names()
    places = np.argsort(-probabilities, kind="stable")[:count]
    return tuple(Event(names[place], round(float(probabilities[place]), 4)) for place in places)


def unheard(text: str, clips: Sequence[np.ndarray], least: float = HEARD_FROM) -> tuple[str, ...]:
    """The classes that `text` names and that no clip was heard to hold: a sign of an invented sound.

    A class is named where the words of one of its names ("Bark", "Baby cry, infant cry") stand in the text one behind
    the other, whatever their endings. Words that say nothing of a source ("Sound effect", "Inside") do not count.

    Args:
        clips: the probabilities of each clip's classes.
        least: the probability from which a class was heard.
    """
    heard = np.max(np.stack(clips), axis=0) >= least
    missed = {places[0] for places in _named(text) if not heard[list(places)].any()}
    names = class_names()
    return tuple(names[place] for place in sorted(missed))


def named_classes(text: str) -> frozenset[str]:
    """The classes that a text names, in the way of `unheard`; of several with one name the first."""
    names = class_names()
    return frozenset(names[places[0]] for places in _named(text))


def _named(text: str) -> Iterator[tuple[int, ...]]:
    """For each class name that stands in a text, the places of the classes that are called so."""
    words = f" {' '.join(_stems(text))} "
    for form, places in _classes_by_form():
        if f" {form} " in words:
            words = words.replace(f" {form} ", " | ")  # "baby cry" is not "crying" besides
            yield places


@cache
def _classes_by_form() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What classes are called, as stems, and the classes that are called so; the longest first."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(class_names()):
        for part in _REMARK.sub("", name).split(","):
            form = " ".join(_stems(part))
            if form and not _VAGUE.search(form):
                places.setdefault(form, []).append(place)
    ordered = sorted(places, key=lambda form: (-form.count(" "), form))
    return tuple((form, tuple(places[form])) for form in ordered)


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


def _stems(text: str) -> list[str]:
    return _stemmer().stemWords(_WORD.findall(text.lower()))
