"""The events that a caption tells, each as a phrase that can stand alone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
        return replace(self, text=shorter.text) if shorter.kind is self.kind else self


def events_of(caption: str) -> list[EventPhrase]:
    """The events of a caption in its order. One that cannot be taken apart is a single event."""
    text = phrase_of(caption).text
    joints = list(_JOINT.finditer(text))
    starts, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(text)]
    parts: list[tuple[int, int]] = []
    for start, end in zip(starts, ends, strict=True):
        if parts and not _can_stand_alone(text[start:end]):
            parts[-1] = parts[-1][0], end
        else:
            parts.append((start, end))
    events = [_event(text[start:end]) for start, end in parts]
    found = [event for event in events if event is not None]
    if len(found) < len(events):
        return _single(text)
    return found


def in_other_words(event: EventPhrase, siblings: Sequence[EventPhrase], captions: Iterable[str]) -> EventPhrase | None:
    """The event as another caption of its clip tells it; None where none surely does.

    Args:
        siblings: all events of the event's own caption.
        captions: other captions of the clip.
    """
    if _may_be_several(event):
        return None
    best, most = None, 0.0
    for other in (other for caption in captions for other in events_of(caption)):
        likeness = _likeness(event, other)
        is_another = any(_likeness(sibling, other) >= likeness for sibling in siblings if sibling is not event)
        if likeness > most and other.text != event.text and not is_another and not _may_be_several(other):
            best, most = other, likeness
    return best


def _may_be_several(event: EventPhrase) -> bool:
    joined = event.kind is Kind.NOUN and " and " in event.text
    return joined or event.kind is Kind.LOOSE or "," in event.text


def _likeness(first: EventPhrase, second: EventPhrase) -> float:
    """The share of telling words that both have (Jaccard)."""
    stems1, stems2 = first.stems - _HOW, second.stems - _HOW
    return len(stems1 & stems2) / len(stems1 | stems2) if stems1 | stems2 else 0.0


def _can_stand_alone(part: str) -> bool:
    """Not so "growls" of "a dog barks and growls", nor "they fly away"."""
    first = _ORDER.sub("", part).split(maxsplit=1)[:1]
    leans = bool(first) and (first[0] in _LEANING or first[0].endswith("ing"))
    return not leans and _event(part) is not None


def _single(text: str) -> list[EventPhrase]:
    event = _event(text)
    if event is not None:
        return [event]
    stems = _stems(text)
    return [EventPhrase(text, Kind.LOOSE, stems)] if stems else []


def _event(part: str) -> EventPhrase | None:
    """A part of a caption as an event; None where its words do not show that it can stand alone."""
    text = _ORDER.sub("", _ORDER.sub("", part)).strip(" ,")
    stems = _stems(text)
    if not stems:
        return None
    phrase = phrase_of(text)
    kind = phrase.kind
    if kind is Kind.LOOSE and _is_short_noun_phrase(without_place_and_time(phrase).text):
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
