"""What is said of one audio and what is said of the other, joined so that any two captions give good grammar."""

from adiff_data.annotation.rules import wordings
from adiff_data.annotation.rules.caption_phrases import Kind
from adiff_data.annotation.rules.sides import MOST_KINDS, Side, Sides, capital, kinds_in_words
from adiff_data.core.seeded import Seeded

_MOST_BEHIND_WHILE = 12  # words of a caption that stands between "while" and the main clause

Halves = dict[Kind, tuple[str, ...]]


def joined(sides: Sides, stream: Seeded, *, in_order: bool, as_sentences: bool = False, one_pause: bool = False) -> str:
    """The two halves in one of the ways to set two things against each other, without a capital and a full stop.

    Args:
        in_order: whether audio 1 has to come first, as in what stands before the halves.
        as_sentences: whether they may be two sentences.
        one_pause: whether a semicolon follows, so that there should be none between them.
    """
    chance = stream.below(10)
    if chance == 0 and not in_order and _may_stand_behind_unlike(sides):
        return _unlike(sides, stream)
    first, second = (sides.second, sides.first) if chance in (1, 2) and not in_order else (sides.first, sides.second)
    way = _way(first, stream, while_first=chance in (3, 4), as_sentences=as_sentences, one_pause=one_pause)
    wording, audio_last = stream.below(12), chance in (5, 6, 7)
    a = _half(first, _halves_for(way, "{a}"), wording, audio_last=audio_last)
    b = _half(second, _halves_for(way, "{b}"), wording, audio_last=audio_last)
    return way.format(a=a, b=b, B=capital(b))


def with_colons(sides: Sides, stream: Seeded, *, as_sentences: bool) -> str:
    """The two halves, each caption behind a colon, where anything may stand."""
    wording = stream.choice(wordings.HALVES_WITH_COLON)
    a, b = (wording.format(audio=side.name, x=side.phrase.text) for side in (sides.first, sides.second))
    return f"{a}. {capital(b)}" if as_sentences else f"{a}; {b}"


def _way(first: Side, stream: Seeded, *, while_first: bool, as_sentences: bool, one_pause: bool) -> str:
    """A way to join whose joining word is not one of the first caption's own."""
    while_first = while_first and first.phrase.words <= _MOST_BEHIND_WHILE and "," not in first.phrase.text
    ways: tuple[str, ...] = wordings.WHILE_FIRST if while_first else wordings.JOINED
    if not while_first and not one_pause:
        ways += wordings.JOINED_LOOSELY + (wordings.JOINED_AS_SENTENCES if as_sentences else ())
    words = set(first.phrase.text.split())
    return stream.choice([way for way in ways if not words.intersection(way.split())] or ways[-1:])


def _unlike(sides: Sides, stream: Seeded) -> str:
    second = sides.second.phrase
    relative = wordings.RELATIVE_HALVES[second.kind].format(x=second.text)
    first = _half(sides.first, wordings.HALVES, stream.below(12))
    return wordings.UNLIKE.format(audio2=sides.second.name, relative2=relative, a=first)


def _may_stand_behind_unlike(sides: Sides) -> bool:
    """Whether the first half begins with its audio, and the second is short enough to stand between two commas."""
    second = sides.second.phrase
    return sides.first.phrase.kind is Kind.NOUN and second.kind in wordings.RELATIVE_HALVES and "," not in second.text


def _halves_for(way: str, half: str) -> Halves:
    """The wordings of a half: without a comma behind the audio's name where a joining word stands before it."""
    return wordings.HALVES if way.startswith(half) or way in wordings.NO_JOINING_WORD else wordings.HALVES_BEHIND_WHILE


def _half(side: Side, halves: Halves, wording: int, *, audio_last: bool = False) -> str:
    phrase = side.phrase
    if audio_last and phrase.simple and phrase.kind in wordings.HALVES_WHEN_SIMPLE and " in " not in phrase.text:
        return wordings.HALVES_WHEN_SIMPLE[phrase.kind].format(audio=side.name, x=phrase.text)
    ways = [way for way in halves[phrase.kind] if not (phrase.has_dummy_subject and " in which " in way)]
    chosen = ways[wording % len(ways)]
    kinds = kinds_in_words(side.reading.families[:MOST_KINDS]) or wordings.UNKNOWN_KINDS
    text = phrase.text.replace("(", "[").replace(")", "]") if "({x})" in chosen else phrase.text
    return chosen.format(audio=side.name, x=text, kinds=kinds)
