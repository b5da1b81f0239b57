"""The `rules` annotator: three tiers from two captions, without a model.

It says nothing that the captions and the facts do not say: what is heard stands there in the captions' own words, and around it
what these words tell of sources, order, repetition and distance, where they tell it; and where facts are given, the
differences that they show. Openings and wordings are drawn by the pair's id,
so the same pair always gives the same answer.
"""

import re
from collections.abc import Callable

from adiff_data.annotation.sound_families import Reading, read_caption
from adiff_data.audio.differences import Difference, PairFacts
from adiff_data.core.seeded import Seeded
from adiff_data.records import Pair
from adiff_data.tiers import DETAIL, FEWWORDS, SENTENCE, Tier

Heard = tuple[Difference, ...]
VERSION = "3"  # of what the rules write: raised whenever an answer changes

_FEWEST_AROUND = 4  # words of the shortest few-words template around two captions
_MOST_AROUND = 45  # words of a sentence around two captions that tell of several sources each
_WHERE_AND_HOW_LONG = re.compile(
    r",? and nothing else is heard|,? (?:all )?at the same time|\b(?:far away|from afar|close by|nearby|right in front|"
    r"right beside the listener|in the (?:far )?distance|in the (?:back|fore)ground|without a pause|throughout|"
    r"all along,?|the whole time|all the while)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?=,? (?:and|while|as|then|followed by|after|before|with|in)\b)|(?<=[;,])(?= )")
_FEW_WORDS = (
    "Audio 1: {one}. Audio 2: {two}.",
    "The first audio has {kind1} ({one}), the second {kind2} ({two}).",
    "Heard in audio 1: {one}; heard in audio 2: {two}.",
    "{Kind1} against {kind2}: audio 1 has {one}, audio 2 has {two}.",
    "First audio – {one}. Second audio – {two}.",
    "While audio 1 has {kind1} – {one} –, audio 2 has {kind2} – {two}.",
    "On one side, audio 1: {one}; on the other, audio 2: {two}.",
    "Audio 2 brings {kind2} ({two}) where audio 1 has {kind1} ({one}).",
)
_SENTENCES = (
    "The first audio is {shape1}, {one}, and suggests {place1}, whereas the second audio is {shape2}, {two}, and suggests {place2}.",
    "While audio 1 lets one hear {shape1} – {one} –, as in {place1}, audio 2 lets one hear {shape2} – {two} –, as in {place2}.",
    "What sets the two apart is what they hold: audio 1 is {shape1}, {one}, but audio 2 is {shape2}, {two}{contrast}.",
    "In contrast to audio 2, {shape2} that points to {place2} – {two} –, audio 1 is {shape1} that points to {place1} – {one}.",
    "In audio 1 one listens to {shape1} – {one} –, in audio 2 to {shape2} – {two}{contrast}.",
    "Between the two audios the scene changes: the first brings {place1} to mind, as {shape1}, {one}; the second brings {place2} to mind, as {shape2}, {two}.",
    "Audio 1, {shape1}, goes like this: {one}; audio 2, {shape2}, goes another way: {two}{contrast}.",
    "Two scenes stand against each other: {one}, which makes audio 1 {shape1}, and {two}, which makes audio 2 {shape2}{contrast}.",
)
_OPENINGS = (
    "The two audios lead to different places.",
    "Audio 1 and audio 2 tell two different stories.",
    "Listening to one audio after the other, the change is plain.",
    "These two audios do not show the same thing.",
    "Each of the two audios has a scene of its own.",
    "The difference between the audios begins with what is heard.",
    "Going from audio 1 to audio 2, other things take place.",
    "Side by side, the two audios set different things before the ear.",
)
_FIRST = (
    "In audio 1, this is heard: {one}.",
    "Audio 1 goes like this: {one}.",
    "The first audio holds the following: {one}.",
)
_SECOND = (
    "Audio 2 is another matter: {two}.",
    "The second audio, by contrast, holds this: {two}.",
    "In audio 2, something else is heard: {two}.",
)
_SOURCES = (
    "Its sources are {kinds}, and one thinks of {places}.",
    "It is a matter of {kinds}, which puts one in mind of {places}.",
    "What sounds in it is {kinds}, so that {places} comes to mind.",
)
_ORDER = {
    "sequence": (
        "Its sounds come one after another, so that it unfolds in steps.",
        "There is an order in it, one thing giving way to the next.",
        "It moves from one sound to the next as time goes on.",
    ),
    "together": (
        "Its sounds stand together rather than in a row.",
        "Several things share the same moment in it.",
        "Its parts are heard side by side, as layers of one scene.",
    ),
    "open": (),
}
_REPEATED = (
    "Something in it goes on or comes again, which makes it persistent.",
    "A sound in it keeps going or returns.",
)
_FAR = ("Part of it is at a distance, which gives the scene depth.", "Some of it comes from further away.")
_NEAR = ("Part of it is close to the listener.", "Some of it is right beside the one who listens.")
_TIME = {"sequence": "a succession of events", "together": "several sounds at once"}
_CONTRAST_OF_ORDER = (
    "The course of time differs too: {time1} in the first audio, {time2} in the second.",
    "They also treat time differently, with {time1} in audio 1 and {time2} in audio 2.",
)
_CLOSINGS = (
    "To a listener, the first audio {feel1}, while the second {feel2}.",
    "As an experience, audio 1 {feel1}; audio 2 {feel2}.",
    "Heard with attention, the first {feel1} and the second {feel2}.",
)
_PLAIN_FEEL = ("is taken in as a scene of its own", "leaves the impression of a separate moment")


def answer(pair: Pair, tier: str, facts: PairFacts | None = None) -> str:
    """The explanation of a pair in a tier: `fewwords`, `sentence` or `detail`."""
    return _TIERS[tier](pair, Seeded(pair.id, tier), facts.differences if facts else ())


def _few_words(pair: Pair, stream: Seeded, heard: Heard) -> str:
    first, second = read_caption(pair.caption1), read_caption(pair.caption2)
    one, two = _inline(pair.caption1), _inline(pair.caption2)
    most = FEWWORDS.most - _FEWEST_AROUND
    if _count(one) + _count(two) > most:
        one, two = _events_alone(one), _events_alone(two)
    one = _cut(one, max(most - _count(two), most // 2))
    two = _cut(two, most - _count(one))
    text = _of_fitting_length(
        _FEW_WORDS,
        FEWWORDS,
        stream,
        one=one,
        two=two,
        kind1=_kinds(first),
        kind2=_kinds(second),
        Kind1=_capital(_kinds(first)),
    )
    longer = f"{text} {_capital(_heard(heard[:1]))}."
    return longer if heard and _count(longer) <= FEWWORDS.most else text


def _sentence(pair: Pair, stream: Seeded, heard: Heard) -> str:
    first, second = read_caption(pair.caption1), read_caption(pair.caption2)
    one, two = _inline(pair.caption1), _inline(pair.caption2)
    if _count(one) + _count(two) > SENTENCE.most - _MOST_AROUND:
        one, two = _events_alone(one), _events_alone(two)
    text = _of_fitting_length(
        _SENTENCES,
        SENTENCE,
        stream,
        one=one,
        two=two,
        shape1=_shape(first),
        shape2=_shape(second),
        place1=_places(first, 1),
        place2=_places(second, 1),
        contrast=_contrast(first, second),
    )
    longer = f"{text[:-1]}; to the ear, {_heard(heard[:2])}."
    return longer if heard and _count(longer) <= SENTENCE.most else text


def _detail(pair: Pair, stream: Seeded, heard: Heard) -> str:
    first, second = read_caption(pair.caption1), read_caption(pair.caption2)
    sources = list(_SOURCES)
    stream.shuffle(sources)
    opening = [stream.choice(_OPENINGS), stream.choice(_FIRST).format(one=_inline(pair.caption1))]
    described1 = _described(first, sources[0], stream)
    middle = [stream.choice(_SECOND).format(two=_inline(pair.caption2))]
    described2 = _described(second, sources[1], stream)
    closing = [
        _compared_sources(first, second),
        *_compared_order(first, second, stream),
        *_measured(heard),
        _experience(first, second, stream),
    ]
    while True:
        text = " ".join([*opening, *described1, *middle, *described2, *closing])
        if _count(text) <= DETAIL.most or not (described1 or described2):
            return text if _count(text) >= DETAIL.least else f"{text} {_summary(pair)}"
        (described1 if len(described1) >= len(described2) else described2).pop()


_TIERS: dict[str, Callable[[Pair, Seeded, Heard], str]] = {
    "fewwords": _few_words,
    "sentence": _sentence,
    "detail": _detail,
}


def _summary(pair: Pair) -> str:
    return f"In short, audio 1 is about {_inline(pair.caption1)}, and audio 2 is about {_inline(pair.caption2)}."


def _heard(heard: Heard) -> str:
    """Differences as a clause: "audio 1 is louder and brighter, while audio 2 is steadier"."""
    by_audio: dict[int, list[str]] = {}
    for difference in heard:
        by_audio.setdefault(difference.audio, []).append(difference.quality)
    return ", while ".join(f"audio {audio} is {_listed(qualities)}" for audio, qualities in by_audio.items())


def _measured(heard: Heard) -> list[str]:
    if not heard:
        return []
    sentences = [f"As signals, {_heard(heard)}."]
    amounts = [difference.words() for difference in heard if difference.quality == "louder" and difference.amount]
    return [*sentences, *(f"More exactly, {words}." for words in amounts)]


def _of_fitting_length(templates: tuple[str, ...], tier: Tier, stream: Seeded, **parts: str) -> str:
    """One of the four filled templates whose lengths are nearest to the tier's mean, none beyond its bounds."""
    filled = [template.format(**parts) for template in templates]
    nearest = sorted(filled, key=lambda text: abs(_count(text) - tier.words))
    fitting = [text for text in nearest if tier.least <= _count(text) <= tier.most]
    return _capital(stream.choice(fitting[:4] or nearest[:1]))


def _events_alone(text: str) -> str:
    """A caption without where and how long: few words are for the events and their sources."""
    return " ".join(_WHERE_AND_HOW_LONG.sub("", text).split()).replace(" ,", ",")


def _cut(text: str, most: int) -> str:
    """As many whole clauses as have `most` words together, and the first one, cut, where even it is longer."""
    if _count(text) <= most:
        return text
    kept = ""
    for clause in _CLAUSE.split(text):
        if _count(kept + clause) > most:
            break
        kept += clause
    return (kept or " ".join(text.split()[:most])).rstrip(" ,;")


def _count(text: str) -> int:
    return len(text.split())


def _described(reading: Reading, sources: str, stream: Seeded) -> list[str]:
    sentences = []
    if reading.families:
        sentences.append(sources.format(kinds=_kinds(reading), places=_places(reading, 2)))
    if _ORDER[reading.order]:
        sentences.append(stream.choice(_ORDER[reading.order]))
    if reading.repeated:
        sentences.append(stream.choice(_REPEATED))
    if reading.far:
        sentences.append(stream.choice(_FAR))
    if reading.near:
        sentences.append(stream.choice(_NEAR))
    return sentences


def _compared_sources(first: Reading, second: Reading) -> str:
    own1 = [family.name for family in first.families if family not in second.families]
    own2 = [family.name for family in second.families if family not in first.families]
    shared = [family.name for family in first.families if family in second.families]
    parts = []
    if shared:
        parts.append(f"both have to do with {_listed(shared)}")
    if own1:
        parts.append(f"only audio 1 with {_listed(own1)}")
    if own2:
        parts.append(f"only audio 2 with {_listed(own2)}")
    if not own1 and not own2:
        return "The kind of source does not tell them apart, so what counts is what happens, and how."
    if not shared:
        parts[0] = parts[0].replace("only audio 1 with", "only audio 1 has to do with")
        parts[0] = parts[0].replace("only audio 2 with", "only audio 2 has to do with")
    return f"As to the kinds of sources, {', and '.join(parts)}."


def _compared_order(first: Reading, second: Reading, stream: Seeded) -> list[str]:
    if first.order == second.order or "open" in (first.order, second.order):
        return []
    times = {"time1": _TIME[first.order], "time2": _TIME[second.order]}
    return [stream.choice(_CONTRAST_OF_ORDER).format(**times)]


def _experience(first: Reading, second: Reading, stream: Seeded) -> str:
    feel1, feel2 = _feel(first, second, 0), _feel(second, first, 1)
    return stream.choice(_CLOSINGS).format(feel1=feel1, feel2=feel2)


def _feel(reading: Reading, other: Reading, place: int) -> str:
    """What the first family that the other audio has not does to a listener."""
    own = [family for family in reading.families if family not in other.families]
    return own[0].feel if own else _PLAIN_FEEL[place]


def _kinds(reading: Reading) -> str:
    return _listed([family.name for family in reading.families]) if reading.families else "its own sounds"


def _places(reading: Reading, most: int) -> str:
    places = [family.place for family in reading.families[:most]]
    return _listed(places, "or") if places else "a scene of its own"


def _shape(reading: Reading) -> str:
    several = len(reading.families) > 1
    noun = {"sequence": "a sequence", "together": "a mixture", "open": "a scene"}[reading.order if several else "open"]
    return f"{noun} of {_kinds(reading)}" if reading.families else noun


def _contrast(first: Reading, second: Reading) -> str:
    if first.order != second.order and "open" not in (first.order, second.order):
        return f", {_TIME[first.order]} on one side and {_TIME[second.order]} on the other"
    if first.families and first.families == second.families:
        return ", so that the kind of source is the same and the events are not"
    return ""


def _inline(caption: str) -> str:
    """A caption as part of a sentence: one line, no full stops, a small first letter but for names and initials."""
    text = " ".join(caption.split()).rstrip(" .;,").replace(". ", "; ")
    head = text.split(" ", 1)[0]
    return text if head == "I" or head[1:] != head[1:].lower() else text[:1].lower() + text[1:]


def _listed(items: list[str], word: str = "and") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
