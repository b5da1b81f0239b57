"""What two captions have in common: sounds of the same name, and kinds of sound that each has another of."""

import re
from dataclasses import dataclass

from adiff_data.sounds.families import read_caption
from adiff_data.sounds.things import named_generally, named_things

# Families of which a person would say that two recordings share them, though each has another sound of the kind. But
# for the last ones, both sounds need a plain name: single words of these families stand for other things as well.
_KINDS = {
    "engines": "engines",
    "machines": "machines at work",
    "water": "moving water",
    "weather": "sounds of the weather",
    "signals": "a signal of some kind",
    "clocks": "ticking",
    "fire": "a fire",
    "blasts": "loud blasts",
    "food": "kitchen sounds",
    "voices": "human voices",
    "bodily sounds": "sounds of the human body",
    "animals": "animals",
    "music": "music",
}
_MANY = {"a male voice": "men|males|male voices", "a female voice": "women|females|female voices"}
_WITHOUT_NAMES = {"voices", "bodily sounds", "animals", "music"}
# What need not be said beside something else that is shared.
_SAID_BY = {
    "ringing": {"a bell", "a doorbell", "a telephone", "an alarm", "chimes"},
    "barking": {"a dog"},
    "chirping": {"birds", "crickets", "insects", "frogs"},
    "a car": {"traffic"},
    "growling": {"a dog", "a monster"},
    "roaring": {"thunder", "a monster"},
    "rumbling": {"thunder"},
    "a power tool": {"a drill", "sawing"},
    "popping": {"a fire"},
    "humming": {"an engine"},
    "singing": {"birds"},
    "crackling": {"a fire"},
    "ticking": {"a clock"},
    "buzzing": {"buzzing insects"},
    "a storm": {"thunder", "rain"},
    "sawing": {"a chainsaw"},
    "a gun": {"gunfire", "a machine gun"},
    "whirring": {"a drill", "a fan", "a helicopter"},
}


@dataclass(frozen=True)
class SharedSound:
    """A sound that two captions both name, or a kind of sound that each has another of.

    Attributes:
        family: the name of its family.
        name: what it is called in `sounds.things`: "a dog".
        words: a noun phrase: "dogs" where a caption has several, or of a kind "animals".
        name1, name2: of a kind, what each caption has of it: "a dog", "birds"; empty where it has no plain name.
        is_kind: whether only the kind is the same.
    """

    family: str
    name: str
    words: str
    name1: str = ""
    name2: str = ""
    is_kind: bool = False


def shared_sounds(caption1: str, caption2: str) -> tuple[SharedSound, ...]:
    """What both captions name, sounds of the same name before kinds, in the order of the first caption."""
    fine1, fine2 = named_things(caption1), named_things(caption2)
    text = f"{caption1} {caption2}"
    named = [SharedSound(family, name, _numbered(name, text)) for family, name in fine1 if (family, name) in fine2]
    has_name = {sound.family for sound in named}
    rough1, rough2 = named_generally(caption1), named_generally(caption2)
    for family, name in rough1:
        if family not in has_name and (family, name) in rough2:
            named.append(SharedSound(family, name, _numbered(name, text)))
            has_name.add(family)
    names = {sound.name for sound in named}
    needed = [sound for sound in named if not _SAID_BY.get(sound.name, set()) & names]
    return (*needed, *_shared_kinds(caption1, caption2, has_name))


def _shared_kinds(caption1: str, caption2: str, has_name: set[str]) -> list[SharedSound]:
    families2 = {family.name for family in read_caption(caption2).families}
    kinds = [
        family.name
        for family in read_caption(caption1).families
        if family.name in families2 and family.name in _KINDS and family.name not in has_name
    ]
    sounds = [
        SharedSound(kind, _KINDS[kind], _KINDS[kind], _one_of(kind, caption1), _one_of(kind, caption2), is_kind=True)
        for kind in kinds
    ]
    return [sound for sound in sounds if sound.family in _WITHOUT_NAMES or (sound.name1 and sound.name2)]


def _one_of(family: str, caption: str) -> str:
    """What a caption has of a family, by its plain name."""
    named = (*named_things(caption), *named_generally(caption))
    return next((_numbered(name, caption) for its_family, name in named if its_family == family), "")


def _numbered(name: str, text: str) -> str:
    """A name as it is, or "dogs" for "a dog" where the text speaks of dogs."""
    article, _, noun = name.partition(" ")
    if article not in ("a", "an"):
        return name
    plurals = _MANY.get(name) or rf"{noun}s"
    return f"{noun}s" if re.search(rf"\b(?:{plurals})\b", text, re.IGNORECASE) else name
