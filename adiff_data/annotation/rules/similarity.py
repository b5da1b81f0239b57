"""What two audios have in common, in words: shared sounds, how they appear in each, and what else is alike.

It says what both captions, the facts or the way a pair was made say of both audios, and nothing else. Where nothing
differs, it says that they sound the same.
"""

import re
from collections.abc import Callable, Sequence

from adiff_data.annotation.rules import similarity_wordings as wordings
from adiff_data.annotation.rules.caption_phrases import Kind, Phrase, phrase_of
from adiff_data.annotation.rules.caption_words import DETERMINERS
from adiff_data.annotation.rules.sides import capital
from adiff_data.annotation.rules.wordings import NAMES
from adiff_data.audio.differences import PairFacts
from adiff_data.claims.common_ground import CommonGround, common_ground
from adiff_data.core.seeded import Seeded
from adiff_data.core.wording import listed
from adiff_data.records import Pair
from adiff_data.sounds.common import SharedSound
from adiff_data.sounds.families import read_caption
from adiff_data.sounds.things import named_generally, named_things
from adiff_data.tiers import SIMILARITY

VERSION = "1"  # of what is written: raised whenever an answer changes

_MOST_NAMED = 3  # shared sounds that a sentence names
_MOST_ALIKE = 3  # qualities
_MOST_QUOTED_WORDS = 12  # of the part of a caption that tells of what both have
_LEAST_WANTED, _MOST_WANTED = 24, 52  # words between which the wanted length is drawn
_PART = re.compile(
    r",? (?:and then|then|and|(?<!for a )while|whilst|as(?! well)|followed by|after|before"
    r"|(?:along |together )?with)\b |[,;] "
)
_AT_ONCE = re.compile(r",?(?: all)? at (?:the same time|once)$")


def answer(pair: Pair, facts: PairFacts | None = None) -> str:
    """What the two audios of a pair have in common.

    Raises:
        ValueError: nothing is known of it (`common_ground`), so that the pair is not to be asked.
    """
    stream, common = Seeded(pair.id, SIMILARITY.name), common_ground(pair, facts)
    names = stream.choice(NAMES)
    if common.nothing_differs:
        return _same(pair, names, stream)
    if not common.can_be_told:
        raise ValueError(f"nothing is known that the audios of '{pair.id}' share")
    if not common.sounds:
        return _filled(stream.choice(wordings.ALIKE_ONLY), alike=_alike(common, leaving_out=("longer",)))
    return _shared(pair, common, names, stream)


def _same(pair: Pair, names: tuple[str, str], stream: Seeded) -> str:
    phrase = phrase_of(pair.caption1)
    heard = _filled(stream.choice(wordings.SAME_HEARD[phrase.kind]), x=phrase.text)
    opening = _filled(stream.choice(wordings.SAME), audio1=names[0], audio2=names[1])
    return " ".join(filter(None, (opening, heard, stream.choice(wordings.SAME_CLOSINGS))))


def _shared(pair: Pair, common: CommonGround, names: tuple[str, str], stream: Seeded) -> str:
    sentences = [*_sounds(common.sounds, names, stream)]
    wanted = stream.between(_LEAST_WANTED, _MOST_WANTED)
    for more in (_each, _course, _acoustics, _scene, _closing):
        sentence = more(pair, common, names, stream) if _count(sentences) < wanted else ""
        if sentence and _count([*sentences, sentence]) <= SIMILARITY.most:
            sentences.append(sentence)
    return " ".join(sentences)


def _sounds(sounds: Sequence[SharedSound], names: tuple[str, str], stream: Seeded) -> list[str]:
    """What both have by name, and then a kind of sound; or a kind alone."""
    named = [sound.words for sound in sounds if not sound.is_kind][:_MOST_NAMED]
    kinds = [sound for sound in sounds if sound.is_kind]
    sentences: list[str] = []
    ways: tuple[str, ...]
    if named:
        ways = wordings.SHARED if len(named) == 1 else wordings.SEVERAL_SHARED
        sentences.append(_filled(stream.choice(ways), shared=listed(named), audio1=names[0], audio2=names[1]))
    for sound in kinds[:1]:
        if sound.name1 and sound.name2:
            ways = wordings.KINDS_TOO if named else wordings.KINDS
            sentences.append(_of_kind(stream.choice(ways), sound, names))
        elif not named:
            ways = wordings.SHARED
            sentences.append(_filled(stream.choice(ways), shared=sound.words, audio1=names[0], audio2=names[1]))
    return sentences


def _of_kind(wording: str, sound: SharedSound, names: tuple[str, str]) -> str:
    return _filled(wording, kind=sound.words, one=sound.name1, other=sound.name2, audio1=names[0], audio2=names[1])


More = Callable[[Pair, CommonGround, tuple[str, str], Seeded], str]


def _each(pair: Pair, common: CommonGround, names: tuple[str, str], stream: Seeded) -> str:
    """How the first thing that both have appears in each, in the captions' own words; empty where these do not fit."""
    name = next((sound.name for sound in common.sounds if not sound.is_kind), None)
    if name is None:
        return ""
    first, second = _part_about(pair.caption1, name), _part_about(pair.caption2, name)
    ways = wordings.EACH.get((first.kind, second.kind), ()) if first and second else ()
    if not (first and second and ways) or first.text == second.text:
        return ""
    return _filled(stream.choice(ways), audio1=names[0], audio2=names[1], x1=first.text, x2=second.text)


def _part_about(caption: str, name: str) -> Phrase | None:
    """The part of a caption that names a thing, or all of it, where that is a short clause or noun phrase."""
    whole = phrase_of(_AT_ONCE.sub("", caption.rstrip(" .")))
    parts = [phrase_of(text) for text in _PART.split(whole.text) if text.strip()]
    for number, phrase in enumerate((*parts, whole)):
        if phrase.kind is Kind.LOOSE or not 2 <= phrase.words <= _MOST_QUOTED_WORDS or phrase.has_dummy_subject:
            continue
        stands_alone = number in (0, len(parts)) or (
            _has_a_subject(phrase) and parts[number - 1].kind is not Kind.LOOSE
        )
        if stands_alone and _names(phrase.text, name):
            return phrase
    return None


def _has_a_subject(phrase: Phrase) -> bool:
    """Whether a part surely begins with a thing, and not with what the thing before it does: "and splashes on"."""
    first, second = phrase.text.lower().split()[:2]
    return phrase.kind is Kind.CLAUSE or first in DETERMINERS or second.endswith("ing")


def _names(text: str, name: str) -> bool:
    return any(name == thing for _, thing in (*named_things(text), *named_generally(text)))


def _course(pair: Pair, common: CommonGround, names: tuple[str, str], stream: Seeded) -> str:
    """What both captions tell of distance, repetition and order."""
    del common, names
    first, second = read_caption(pair.caption1), read_caption(pair.caption2)
    holds = {
        wordings.FAR: first.far and second.far,
        wordings.NEAR: first.near and second.near,
        wordings.REPEATED: first.repeated and second.repeated,
        wordings.SEQUENCE: first.order == second.order == "sequence",
        wordings.TOGETHER: first.order == second.order == "together",
    }
    ways = [of_both for of_both, is_so in holds.items() if is_so]
    return stream.choice(stream.choice(ways)) if ways else ""


def _acoustics(pair: Pair, common: CommonGround, names: tuple[str, str], stream: Seeded) -> str:
    del pair, names
    if not set(common.alike) - {"longer"}:  # clips of one length are the rule
        return ""
    return _filled(stream.choice(wordings.ALIKE), alike=_alike(common))


def _scene(pair: Pair, common: CommonGround, names: tuple[str, str], stream: Seeded) -> str:
    """What the kind of sound that both have suggests."""
    del pair, names
    return stream.choice(wordings.SCENES[common.sounds[0].family])


def _closing(pair: Pair, common: CommonGround, names: tuple[str, str], stream: Seeded) -> str:
    del pair, common, names
    return stream.choice(wordings.CLOSINGS)


def _alike(common: CommonGround, *, leaving_out: Sequence[str] = ()) -> str:
    return listed([wordings.ALIKE_IN[quality] for quality in common.alike if quality not in leaving_out][:_MOST_ALIKE])


def _filled(wording: str, **fields: str) -> str:
    """A wording with its fields in it, and a capital at its head."""
    return capital(wording.format(**fields, **{capital(name): capital(text) for name, text in fields.items()}))


def _count(sentences: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
