"""What a clip was heard to hold (AudioSet's classes), and what a text names that was not heard."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import snowballstemmer

HEARD_FROM = 0.1  # probability; AudioSet's classes are rare, and those that are there seldom pass 0.5
_WORD = re.compile(r"[a-z]+")
_ALTERNATIVES = re.compile(r"[,;()]")
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
    words = f" {' '.join(_stems(text))} "
    named: dict[str, list[int]] = {}
    for place, forms in enumerate(_forms()):
        for form in forms:
            if f" {form} " in words:
                named.setdefault(form, []).append(place)
    missed = {places[0] for places in named.values() if not heard[places].any()}
    names = class_names()
    return tuple(names[place] for place in sorted(missed))


@cache
def _forms() -> tuple[frozenset[str], ...]:
    """The names of each class, as stems."""
    forms = []
    for name in class_names():
        parts = (" ".join(_stems(part)) for part in _ALTERNATIVES.split(name))
        forms.append(frozenset(part for part in parts if part and not _VAGUE.search(part)))
    return tuple(forms)


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


def _stems(text: str) -> list[str]:
    return _stemmer().stemWords(_WORD.findall(text.lower()))
