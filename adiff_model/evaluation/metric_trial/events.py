"""The events that a caption tells, each as a phrase that can stand alone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from adiff_data.annotation.rules.caption_phrases import Kind, phrase_of, without_place_and_time
from adiff_data.annotation.rules.caption_words import DETERMINERS, MASS_NOUNS, PREPOSITIONS, SOUND_NOUNS, words_of
from adiff_data.claims.content_words import content_stems, stem

_JOINT = re.compile(
    r",?\s+(?:and then|and finally|then|followed by|before|after|while|whilst|as|along with|together with)\s+"
    r"|,\s+and\s+|,\s+|\s+and\s+"
)
_ORDER = re.compile(  # what tells when an event sounds, which its phrase alone does not
    r"^(?:at first|first|then|finally),?\s+|,? and nothing else is heard$"
    r"|\s+(?:at first|at the end|at once|(?:all )?at the same time|all along|throughout|without a pause)$",
    re.IGNORECASE,
)
# Words that any event may have: they do not show that two phrases tell the same one.
_HOW = frozenset(
    stem(word)
    for word in ("fast", "rapid", "big", "small", "large", "huge", "heavy", "light", "thin", "thick", "wooden", "loud")
)
_LEANING = words_of("it they he she them him her its their his")
_LEAST_LIKENESS = 1 / 3  # of two phrases that tell the same event
_OF_DEGREE = words_of("very so quite too rather")
_LONGEST_HEAD = 5  # words before the first preposition of what is taken for a noun phrase by its first and last word


@dataclass(frozen=True)
class EventPhrase:
    """An event in the words of a caption.

    Attributes:
        text: "a dog barks nearby"; its first letter is small.
        kind: what it is in grammar: a clause, a noun phrase, or not known.
        stems: of the words that tell what is heard.
    """

    text: str
    kind: Kind
    stems: frozenset[str]

    def without_place(self) -> "EventPhrase":
        """Without words for place and time, as few words ask for; the same where it does not hold without them."""
        shorter = without_place_and_time(phrase_of(self.text))
        holds = shorter.kind is self.kind and shorter.text.split()[-1] not in _OF_DEGREE
        return replace(self, text=shorter.text) if holds else self


@lru_cache(maxsize=50_000)  # each caption is asked for as many times as its clip has captions
def events_of(caption: str) -> tuple[EventPhrase, ...]:
    """The events of a caption in its order. One that cannot be taken apart is a single event."""
    text = phrase_of(caption).text
    joints = list(_JOINT.finditer(text))
    starts, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(text)]
    parts: list[tuple[int, int]] = []
    for start, end in zip(starts, ends, strict=True):
        if parts and not _may_be_parted(text[parts[-1][0] : parts[-1][1]], text[parts[-1][1] : start], text[start:end]):
            parts[-1] = parts[-1][0], end
        else:
            parts.append((start, end))
    events = [_event(text[start:end]) for start, end in parts]
    found = tuple(event for event in events if event is not None)
    return found if len(found) == len(events) else _single(text)


def in_other_words(event: EventPhrase, siblings: Sequence[EventPhrase], captions: Iterable[str]) -> EventPhrase | None:
    """The event as another caption of its clip tells it; None where none surely does.

    Args:
        siblings: all events of the event's own caption.
        captions: other captions of the clip.
    """
    others = [other for caption in captions for other in events_of(caption)]
    fitting = [other for other in others if other.text != event.text and _tell_the_same(event, other, siblings)]
    return max(fitting, key=lambda other: _likeness(event, other), default=None)


def _tell_the_same(event: EventPhrase, other: EventPhrase, siblings: Sequence[EventPhrase]) -> bool:
    """Whether another caption's phrase surely tells this event, and none of its siblings."""
    if _may_be_several(event) or _may_be_several(other):
        return False
    likeness = _likeness(event, other)
    is_another = any(_likeness(sibling, other) >= likeness for sibling in siblings if sibling is not event)
    return likeness >= _LEAST_LIKENESS and not is_another


def _may_be_several(event: EventPhrase) -> bool:
    joined = event.kind is Kind.NOUN and " and " in event.text
    return joined or event.kind is Kind.LOOSE or "," in event.text


def _likeness(first: EventPhrase, second: EventPhrase) -> float:
    """The share of telling words that both have (Jaccard)."""
    stems1, stems2 = first.stems - _HOW, second.stems - _HOW
    return len(stems1 & stems2) / len(stems1 | stems2) if stems1 | stems2 else 0.0


def _may_be_parted(before: str, joint: str, part: str) -> bool:
    """Not so "a dog barks | and growls", "birds sing as | they fly", nor "a man | and a woman are talking"."""
    first = _ORDER.sub("", part).split(maxsplit=1)[:1]
    if not first or first[0] in _LEANING or first[0].endswith("ing"):
        return False
    event, event_before = _event(part), _event(before)
    if event is None:
        return False
    shares_verb = joint.strip() == "and" and event.kind is Kind.CLAUSE
    return not (shares_verb and event_before is not None and event_before.kind is Kind.NOUN)


def _single(text: str) -> tuple[EventPhrase, ...]:
    event = _event(text)
    if event is not None:
        return (event,)
    stems = _stems(text)
    return (EventPhrase(text, Kind.LOOSE, stems),) if stems else ()


def _event(part: str) -> EventPhrase | None:
    """A part of a caption as an event; None where its words do not show that it can stand alone."""
    text = _ORDER.sub("", _ORDER.sub("", part)).strip(" ,")
    stems = _stems(text)
    if not stems:
        return None
    phrase = phrase_of(text)
    kind = phrase.kind
    begins_with_place = text.split(maxsplit=1)[0].lower() in PREPOSITIONS  # "in the background, people talk"
    if kind is Kind.LOOSE and not begins_with_place and _is_short_noun_phrase(without_place_and_time(phrase).text):
        kind = Kind.NOUN
    return None if kind is Kind.LOOSE else EventPhrase(phrase.text, kind, stems)


def _stems(text: str) -> frozenset[str]:
    """The stems of the words that tell what is heard, not where."""
    return content_stems(without_place_and_time(phrase_of(text)).text)


def _is_short_noun_phrase(text: str) -> bool:
    """Whether a text is "a siren", "heavy rain" or "applause from a large crowd"."""
    words = text.lower().split()
    head = list(takewhile(lambda word: word not in PREPOSITIONS, words))
    if not head or len(head) > _LONGEST_HEAD or any(word.endswith(("s", "ed")) for word in head[:-1]):
        return False
    if head[-1] in MASS_NOUNS | SOUND_NOUNS:
        return True
    return len(head) > 1 and head[0] in DETERMINERS and not head[-1].endswith(("s", "ed"))
