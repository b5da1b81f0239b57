"""The two audios of a pair as the `rules` annotator sees them, and how their kinds of sound go together."""

import dataclasses
from dataclasses import dataclass

from adiff_data.annotation.rules.caption_phrases import Phrase, phrase_of, shortened, without_place_and_time
from adiff_data.annotation.rules.family_wordings import FAMILY_WORDS
from adiff_data.records import Pair
from adiff_data.sounds.families import Family, Reading, read_caption
from adiff_data.sounds.names import shared_name

MOST_KINDS = 2  # kinds of sound that a sentence names of an audio: more of them read as a list
_FEW_CAPTION_WORDS = 13  # two captions of WavCaps have 11 words together, two of Clotho 23
_SOUNDS = " sounds"

Families = tuple[Family, ...]


@dataclass(frozen=True)
class Side:
    """One audio of a pair.

    Attributes:
        name: "audio 1", "the first clip".
        only: the families of sounds that the other audio has not.
    """

    name: str
    phrase: Phrase
    reading: Reading
    only: Families

    @property
    def telling(self) -> Families:
        """The families to speak of: those that the other audio has not, or all of them where there are none."""
        return (self.only or self.reading.families)[:MOST_KINDS]

    def fields(self) -> dict[str, str]:
        """What a wording about this audio may hold."""
        fields = {"audio": self.name, "kinds": kinds_in_words(self.telling)}
        fields["all_kinds"] = kinds_in_words(self.reading.families[: MOST_KINDS + 1])
        fields["only"] = kinds_in_words(self.only[:MOST_KINDS])
        if self.telling:
            words = FAMILY_WORDS[self.telling[0].name]
            fields["setting"], fields["impression"] = words.setting, words.impression
        return fields


@dataclass(frozen=True)
class Sides:
    """Both audios of a pair; `shared` are the families of sounds that both have, `shared_words` their names."""

    first: Side
    second: Side
    shared: Families
    shared_words: str

    @property
    def relation(self) -> str:
        """How the kinds of sound go together: `alike`, `shared`, `apart`, or `unknown` where a caption tells none."""
        if not self.first.reading.families or not self.second.reading.families:
            return "unknown"
        if not self.shared:
            return "apart"
        return "shared" if self.first.only or self.second.only else "alike"

    @property
    def both_have_more(self) -> bool:
        """Whether each audio has a kind of sound that the other has not."""
        return bool(self.first.only and self.second.only)

    @property
    def are_short(self) -> bool:
        """Whether the captions have few words."""
        return self.first.phrase.words + self.second.phrase.words < _FEW_CAPTION_WORDS

    def fields(self) -> dict[str, str]:
        """What a wording about both audios may hold: the fields of each with its number, and what they share."""
        fields = {"shared": self.shared_words}
        for number, side in (("1", self.first), ("2", self.second)):
            fields |= {f"{name}{number}": text for name, text in side.fields().items()}
        return fields | {capital(name): capital(text) for name, text in fields.items()}


def sides_of_pair(pair: Pair, name1: str, name2: str) -> Sides:
    """The two audios of a pair, under these names."""
    reading1, reading2 = read_caption(pair.caption1), read_caption(pair.caption2)
    families1, families2 = reading1.families, reading2.families
    shared = tuple(family for family in families1 if family in families2)
    return Sides(
        Side(name1, phrase_of(pair.caption1), reading1, _without(families1, families2)),
        Side(name2, phrase_of(pair.caption2), reading2, _without(families2, families1)),
        shared,
        _shared_in_words(shared[:MOST_KINDS], pair),
    )


def _shared_in_words(shared: Families, pair: Pair) -> str:
    """What both have, by the names that both captions know; by the families' where each names another sound."""
    names = [shared_name(family.name, pair.caption1, pair.caption2) for family in shared]
    named = list(dict.fromkeys(name for name in names if name))
    return _listed(named) if named else kinds_in_words(shared[:1])


def events_alone(sides: Sides, most: int) -> Sides:
    """The two audios, without place and time where their captions have more than `most` words together."""
    first, second = sides.first.phrase, sides.second.phrase
    if first.words + second.words <= most:
        return sides
    return _with_phrases(sides, without_place_and_time(first), without_place_and_time(second))


def fitted(sides: Sides, most: int) -> Sides:
    """The two audios with captions that have at most `most` words together."""
    first, second = sides.first.phrase, sides.second.phrase
    if first.words + second.words <= most:
        return sides
    first = shortened(first, max(most - second.words, most // 2))
    return _with_phrases(sides, first, shortened(second, most - first.words))


def _with_phrases(sides: Sides, first: Phrase, second: Phrase) -> Sides:
    return dataclasses.replace(
        sides,
        first=dataclasses.replace(sides.first, phrase=first),
        second=dataclasses.replace(sides.second, phrase=second),
    )


def kinds_in_words(families: Families) -> str:
    """Kinds of sound as a noun phrase: "human voices", "animal and water sounds", "music as well as vehicle sounds"."""
    heard = [FAMILY_WORDS[family.name].heard for family in families]
    sounds = [words.removesuffix(_SOUNDS) for words in heard if words.endswith(_SOUNDS)]
    others = [words for words in heard if not words.endswith(_SOUNDS)]
    if not sounds:
        return _listed(others)
    gathered = f"{_listed(sounds)}{_SOUNDS}"
    return f"{_listed(others)}{' as well as ' if len(heard) > 2 else ' and '}{gathered}" if others else gathered


def capital(text: str) -> str:
    """A text with a capital at its head."""
    return text[:1].upper() + text[1:]


def _listed(items: list[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _without(families: Families, others: Families) -> Families:
    return tuple(family for family in families if family not in others)
