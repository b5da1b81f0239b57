"""The `rules` annotator: three tiers from two captions, and what both share (`similarity`), without a model.

It says nothing that the captions and the facts do not say: what is heard stands there in the captions' own words, and
around it what these words tell of sources, order, repetition and distance, where they tell it; and where facts are
given, the differences that they show. Names and wordings (`rule_wordings`) are drawn by the pair's id, so the same pair
always gives the same answer; which of them may be drawn depends on what kind of phrase each caption is.
"""

from collections.abc import Callable, Iterator, Sequence

from adiff_data.annotation.rules import similarity, wordings
from adiff_data.annotation.rules.caption_phrases import Kind
from adiff_data.annotation.rules.family_wordings import FAMILY_WORDS
from adiff_data.annotation.rules.halves import joined, with_colons
from adiff_data.annotation.rules.sides import MOST_KINDS, Side, Sides, capital, events_alone, fitted, sides_of_pair
from adiff_data.audio.differences import Difference, PairFacts
from adiff_data.core.seeded import Seeded
from adiff_data.core.wording import listed
from adiff_data.records import Pair
from adiff_data.tiers import DETAIL, FEWWORDS, SENTENCE, SIMILARITY, Tier

VERSION = "7"  # of what the rules write in three tiers: raised whenever an answer changes

_DRAFTS = 40  # of which one of a good length is taken
_NEAREST = 10  # as many of them are nearest in length to the tier's mean, and one of these is taken
_AROUND_FEW_WORDS, _AROUND_SENTENCE, _AROUND_DETAIL = 6, 28, 150  # words of the frame around two captions
_LEAST_DETAIL, _MOST_DETAIL = 145, 175  # words between which the wanted length of a detail answer is drawn
_LESS_WHERE_SHORT = 25  # words less of it where short captions give little to write about
_SHORT_OF_DETAIL = 12  # words by which it may be shorter
_WITH_AMOUNT = ("louder", "longer")  # the qualities whose amount is said in words that people use

Measured = tuple[Difference, ...]


def version_of(kind: str) -> str:
    """The version of what the rules write of a kind of answer."""
    return similarity.VERSION if kind == SIMILARITY.name else VERSION


def answer(pair: Pair, tier: str, facts: PairFacts | None = None) -> str:
    """The explanation of a pair in a tier: `fewwords`, `sentence` or `detail`; for `similarity`, what both share."""
    if tier == SIMILARITY.name:
        return similarity.answer(pair, facts)
    stream = Seeded(pair.id, tier)
    sides = sides_of_pair(pair, *stream.choice(wordings.NAMES))
    return _TIERS[tier](sides, stream, facts.differences if facts else ())


def _few_words(sides: Sides, stream: Seeded, measured: Measured) -> str:
    sides = fitted(events_alone(sides, FEWWORDS.words - _AROUND_FEW_WORDS), FEWWORDS.most - _AROUND_FEW_WORDS)
    text = _of_good_length(FEWWORDS, _few_words_drafts(sides, stream), stream)
    facts = _comparison(sides, measured[:1], than=False)
    longer = text + stream.choice(wordings.FACTS_IN_FEW_WORDS).format(facts=facts, Facts=capital(facts))
    return longer if measured and _count(longer) <= FEWWORDS.most else text


def _few_words_drafts(sides: Sides, stream: Seeded) -> Iterator[str]:
    fields = sides.fields()
    leads = ("", "", "", *_without_kinds_twice(wordings.FEW_WORDS_LEADS[sides.relation], sides))
    for number in range(_DRAFTS):
        if number % 4 == 0:
            yield f"{capital(with_colons(sides, stream, as_sentences=stream.chance(0.5)))}."
        else:
            lead = stream.choice(leads).format(**fields)
            yield f"{capital(lead + joined(sides, stream, in_order=bool(lead), as_sentences=not lead))}."
    yield " ".join(f"{capital(side.name)}: {side.phrase.text}." for side in (sides.first, sides.second))


def _sentence(sides: Sides, stream: Seeded, measured: Measured) -> str:
    sides = fitted(sides, SENTENCE.most - _AROUND_SENTENCE)
    return _of_good_length(SENTENCE, _sentence_drafts(sides, stream, _comparison(sides, measured[:2])), stream)


def _sentence_drafts(sides: Sides, stream: Seeded, facts: str) -> Iterator[str]:
    fields = {**sides.fields(), "facts": facts}
    leads = _without_kinds_twice((*wordings.LEADS[sides.relation], *wordings.LEADS["unknown"]), sides)
    tails = wordings.TAILS[_contrast(sides)]
    order_tail = wordings.ORDER_TAILS.get((sides.first.reading.order, sides.second.reading.order), "")
    for _ in range(_DRAFTS):
        lead = (stream.choice(leads) if sides.are_short or stream.chance(0.7) else "").format(**fields)
        if facts:
            tail = stream.choice(wordings.FACTS_TAILS)
        else:
            tail = order_tail if order_tail and stream.chance(0.4) else ""
            if not tail and (sides.are_short or stream.chance(0.6)):
                tail = stream.choice([each for each in tails if not ("apart" in lead and "apart" in each)])
        text = capital(lead + joined(sides, stream, in_order=bool(lead), one_pause=bool(tail)))
        yield f"{text}{tail.format(**fields)}."


def _without_kinds_twice(leads: Sequence[str], sides: Sides) -> list[str]:
    """Where a caption will stand in brackets behind its kinds of sound, these are not named in front as well."""
    loose = Kind.LOOSE in (sides.first.phrase.kind, sides.second.phrase.kind)
    return [lead for lead in leads if not loose or "{" not in lead]


def _of_good_length(tier: Tier, drafts: Iterator[str], stream: Seeded) -> str:
    """One of the drafts whose lengths are nearest to the tier's mean, none beyond its bounds where that can be."""
    nearest = sorted(dict.fromkeys(drafts), key=lambda text: abs(_count(text) - tier.words))
    fitting = [text for text in nearest if tier.least <= _count(text) <= tier.most]
    return stream.choice(fitting[:_NEAREST] or nearest[:1])


def _detail(sides: Sides, stream: Seeded, measured: Measured) -> str:
    sides = fitted(sides, DETAIL.most - _AROUND_DETAIL)
    fields = sides.fields()
    opening = stream.choice(wordings.OPENINGS[sides.relation])
    remarks1 = _remarks(sides.first, stream)
    remarks2 = _remarks(sides.second, stream, but=remarks1)
    start = [opening.format(**fields), _heard(sides.first, wordings.FIRST_SENTENCES, stream)]
    middle = [_heard(sides.second, wordings.SECOND_SENTENCES, stream)]
    end = [*_compared_sources(sides, stream, "shared}" in opening.lower()), *_compared_order(sides, stream)]
    if measured:
        facts = _comparison(sides, measured, amounts=True)
        end.append(stream.choice(wordings.FACTS_SENTENCES).format(facts=facts))
    closing = stream.choice(wordings.CLOSINGS[_contrast(sides)]).format(**fields)
    fillers = _fillers(sides, stream)
    wanted = stream.between(_LEAST_DETAIL, _MOST_DETAIL) - (_LESS_WHERE_SHORT if sides.are_short else 0)
    while True:
        text = " ".join([*start, *remarks1, *middle, *remarks2, *end, capital(closing)])
        if _count(text) > wanted and len(remarks1) + len(remarks2) > 2:
            (remarks1 if len(remarks1) >= len(remarks2) else remarks2).pop()
        elif _count(text) < wanted - _SHORT_OF_DETAIL and fillers:
            end.append(capital(fillers.pop().format(**fields)))
        else:
            return text


_TIERS: dict[str, Callable[[Sides, Seeded, Measured], str]] = {
    "fewwords": _few_words,
    "sentence": _sentence,
    "detail": _detail,
}


def _heard(side: Side, sentences: dict[Kind, tuple[str, ...]], stream: Seeded) -> str:
    """A sentence that says what is heard in an audio, in its caption's words."""
    is_recording = "recording" in side.name or "recording" in side.phrase.text
    fitting = [
        wording
        for wording in sentences[side.phrase.kind]
        if not (is_recording and "a recording of" in wording)
        and not (side.phrase.has_dummy_subject and " in which " in wording)
    ]
    return capital(stream.choice(fitting).format(audio=side.name, x=side.phrase.text))


def _remarks(side: Side, stream: Seeded, but: Sequence[str] = ()) -> list[str]:
    """Sentences on what the words of a caption tell, the first ones last to be left out; none of those in `but`."""
    reading, fields = side.reading, side.fields()
    by_family = [FAMILY_WORDS[family.name].remarks for family in reading.families[:MOST_KINDS]]
    is_so = {
        wordings.ORDER[reading.order]: reading.order != "open",
        wordings.REPEATED: reading.repeated,
        wordings.FAR: reading.far,
        wordings.NEAR: reading.near,
        wordings.SETTINGS: bool(by_family) and not any(fields["setting"] in sentence for sentence in but),
        wordings.NO_SETTING: not by_family,
        wordings.COMBINED: len(reading.families) > 1,
    }
    others = [ways for ways, holds in is_so.items() if holds]
    stream.shuffle(others)
    ways_of_all = [*by_family[:1], *others, *by_family[1:]]
    return [stream.choice([way for way in ways if way not in but]).format(**fields) for ways in ways_of_all]


def _compared_sources(sides: Sides, stream: Seeded, shared_is_said: bool) -> list[str]:
    """A sentence on the kinds of sound that both have, and that only one has."""
    relation = sides.relation
    if relation == "unknown":
        return []
    if relation == "shared" and not sides.both_have_more:
        side = sides.first if sides.first.only else sides.second
        ways = wordings.COMPARED["rest of one" if shared_is_said else "one"]
        return [stream.choice(ways).format(**sides.fields(), **side.fields())]
    if relation == "shared":
        relation = "rest" if shared_is_said else "both"
    return [capital(stream.choice(wordings.COMPARED[relation]).format(**sides.fields()))]


def _fillers(sides: Sides, stream: Seeded) -> list[str]:
    """Sentences about both audios for where too little else is to be said, the last to be used first."""
    if sides.relation == "alike":
        return stream.sample(wordings.FILLERS_WHERE_ALIKE, len(wordings.FILLERS_WHERE_ALIKE))
    return stream.sample(wordings.FILLERS, len(wordings.FILLERS))


def _compared_order(sides: Sides, stream: Seeded) -> list[str]:
    ways = wordings.COMPARED_ORDER.get((sides.first.reading.order, sides.second.reading.order))
    return [capital(stream.choice(ways).format(**sides.fields()))] if ways else []


def _contrast(sides: Sides) -> str:
    """How an answer may end: each audio has a kind of sound that the other has not, or all are alike, or neither."""
    if sides.both_have_more:
        return "apart"
    return "alike" if sides.relation == "alike" else "unknown"


def _comparison(sides: Sides, measured: Measured, *, than: bool = True, amounts: bool = False) -> str:
    return comparison(measured, (sides.first.name, sides.second.name), than=than, amounts=amounts)


def comparison(
    measured: Measured, names: tuple[str, str] = wordings.NAMES[0], *, than: bool = True, amounts: bool = False
) -> str:
    """Differences as a clause: "audio 1 is louder and brighter in tone, while audio 2 is steadier in level"."""
    by_audio: dict[int, list[str]] = {}
    for difference in measured:
        by_audio.setdefault(difference.audio, []).append(_quality(difference, with_amount=amounts))
    halves = [f"{names[audio - 1]} is {listed(qualities)}" for audio, qualities in by_audio.items()]
    if than and len(by_audio) == 1:
        halves[0] += f" than {names[2 - next(iter(by_audio))]}"
    return ", while ".join(halves)


def _quality(difference: Difference, *, with_amount: bool) -> str:
    amount = f" by {difference.amount}" if difference.quality in _WITH_AMOUNT and difference.amount else ""
    return wordings.QUALITIES.get(difference.quality, difference.quality) + (amount if with_amount else "")


def _count(text: str) -> int:
    return len(text.split())
