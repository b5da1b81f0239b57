"""Explanations of edited pairs, by rules, from what is known of them: how the two differ, and what they share."""

from collections.abc import Sequence

from adiff_data.annotation.tasks import make_annotation
from adiff_data.checks.measurements import KNOWN_AMOUNTS
from adiff_data.claims.edit_truth import TRUTH, EditTruth, other_side
from adiff_data.core.seeded import Seeded
from adiff_data.edits import wordings
from adiff_data.edits.kinds import HALF
from adiff_data.records import Annotation, Pair, Provenance
from adiff_data.tiers import ANSWER_KINDS, DETAIL, SENTENCE, TIERS

VERSION = "3"  # of what is written: raised whenever an answer changes

_NAMES = (("audio 1", "audio 2"), ("the first audio", "the second audio"), ("the first clip", "the second clip"))
_TIMES = {1: "twice", 2: "three times", 3: "four times"}
_DETAIL_WORDS = 120  # that a detail answer has at least
_QUOTED_WORDS = (16, 8, 5, 3)  # of a caption, at most: fewer where the answer is else too long for its tier


def annotate_edits(
    pairs: Sequence[Pair], truths: Sequence[EditTruth], tiers: Sequence[str] = tuple(TIERS)
) -> list[Annotation]:
    """A row for each pair and tier, whose answer says what is known of the pair.

    Args:
        truths: of each pair, in their order.
    """
    return [
        make_annotation(pair, tier, explain(truth, tier), _provenance(truth, index))
        for index, (pair, truth) in enumerate(zip(pairs, truths, strict=True))
        for tier in tiers
    ]


def _provenance(truth: EditTruth, index: int) -> Provenance:
    facts = {KNOWN_AMOUNTS: truth.known_amounts(), TRUTH: truth.model_dump(mode="json", exclude={"id"})}
    return Provenance(annotator="rules", prompt_version=f"edits {VERSION}", attempts=1, row=index, facts=facts)


def explain(truth: EditTruth, tier: str) -> str:
    """The explanation of an edited pair in one tier."""
    write = {"fewwords": _few_words, "sentence": _sentence, "detail": _detail, "similarity": _similarity}[tier]
    for quoted_words in _QUOTED_WORDS:
        stream = Seeded("edits", VERSION, truth.id, tier)
        answer = write(truth, _fields(truth, stream, quoted_words), stream)
        if len(answer.split()) <= ANSWER_KINDS[tier].most:
            break
    return answer


def _few_words(truth: EditTruth, fields: dict[str, str], stream: Seeded) -> str:
    nothing = truth.quality == "nothing"
    return _filled(stream.choice(wordings.FEW_WORDS_OF_NOTHING if nothing else wordings.FEW_WORDS), fields)


def _sentence(truth: EditTruth, fields: dict[str, str], stream: Seeded) -> str:
    nothing = truth.quality == "nothing"
    text = _filled(stream.choice(wordings.SENTENCES_OF_NOTHING if nothing else wordings.SENTENCES), fields)
    more = list(_effects(truth))
    stream.shuffle(more)
    while len(text.split()) < SENTENCE.least and more:
        text = f"{text} {_filled(more.pop(), fields)}"
    return text


def _detail(truth: EditTruth, fields: dict[str, str], stream: Seeded) -> str:
    nothing = truth.quality == "nothing"
    ways = wordings.WORDINGS[truth.quality]
    statements = wordings.STATEMENTS_OF_NOTHING if nothing else wordings.STATEMENTS
    remainders = wordings.REMAINDERS_OF_NOTHING if nothing else wordings.REMAINDERS
    fillers = list(wordings.FILLERS[truth.quality])
    stream.shuffle(fillers)
    closing = stream.choice(wordings.CLOSINGS_OF_NOTHING if nothing else wordings.CLOSINGS)
    sentences = [
        stream.choice(wordings.OPENINGS_OF_NOTHING if nothing else wordings.OPENINGS),
        stream.choice(statements),
        stream.choice(ways.amounts),
        *stream.sample(_effects(truth), 2),
        stream.choice(remainders),
    ]
    text = _joined([*sentences, closing], fields)
    while len(text.split()) < min(_DETAIL_WORDS, DETAIL.most) and fillers:
        sentences.append(fillers.pop())
        text = _joined([*sentences, closing], fields)
    return text


def _similarity(truth: EditTruth, fields: dict[str, str], stream: Seeded) -> str:
    ways = wordings.SIMILARITIES_OF_NOTHING if truth.quality == "nothing" else wordings.SIMILARITIES
    return _filled(stream.choice(ways), fields)


def _effects(truth: EditTruth) -> tuple[str, ...]:
    """How the difference feels to listen to; of a slight one, that it is slight."""
    return wordings.SLIGHT if truth.size == HALF and not truth.events else wordings.WORDINGS[truth.quality].effects


def _joined(sentences: Sequence[str], fields: dict[str, str]) -> str:
    return " ".join(_filled(sentence, fields) for sentence in sentences)


def _fields(truth: EditTruth, stream: Seeded, quoted_words: int) -> dict[str, str]:
    first, second = stream.choice(_NAMES)
    names = {1: first, 2: second}
    fields = {
        "first": first,
        "second": second,
        "edited": names[truth.edited],
        "original": names[other_side(truth.edited)],
        "much": stream.choice(wordings.DEGREES[truth.size]),
        "amount": _amount(truth),
        "caption": _quoted(truth.caption, quoted_words),
        **_events(truth, quoted_words),
    }
    if truth.more is not None:
        fields |= {"more": names[truth.more], "less": names[other_side(truth.more)]}
    ways = wordings.WORDINGS[truth.quality]
    fields["difference"] = stream.choice(ways.differences).format(**fields)
    fields["otherwise"] = stream.choice(ways.otherwise).format(**fields)
    fields["shared"] = stream.choice(ways.shared).format(**fields)
    return fields


def _events(truth: EditTruth, quoted_words: int) -> dict[str, str]:
    if not truth.events:
        return {}
    of_original = [event for event in truth.events if other_side(truth.edited) in event.sides]
    of_edited = [event for event in truth.events if truth.edited in event.sides]
    first = truth.events[0]
    fields = {"event": _quoted(first.caption, quoted_words), "onset": _seconds(first.onset)}
    if truth.quality == "replacement":
        event, other = of_edited[0], of_original[0]
        fields |= {"event": _quoted(event.caption, quoted_words), "other": _quoted(other.caption, quoted_words)}
    if truth.quality == "order":
        event, other = of_original
        fields |= {"event": _quoted(event.caption, quoted_words), "other": _quoted(other.caption, quoted_words)}
    if truth.quality == "repetition":
        fields["times"] = _TIMES[round(truth.amount)]
    return fields


def _amount(truth: EditTruth) -> str:
    if truth.unit == "seconds":
        return _seconds(truth.amount)
    if truth.unit == "times":
        return f"{truth.amount:.2g}"
    return f"{truth.amount:g} {truth.unit if truth.amount != 1 else truth.unit.removesuffix('s')}"


def _seconds(seconds: float) -> str:
    shown = f"{seconds:.2g}" if seconds < 1 else f"{seconds:.1f}".removesuffix(".0")
    return f"{shown} second" if shown == "1" else f"{shown} seconds"


def _quoted(caption: str, most_words: int) -> str:
    """A caption between quotation marks: without a full stop, without marks of its own that would end them, and cut
    after so many words."""
    words = caption.replace("“", "'").replace("”", "'").split()
    if len(words) > most_words:
        return " ".join([*words[:most_words], "…"])
    return " ".join(words).rstrip(".")


def _filled(wording: str, fields: dict[str, str]) -> str:
    capitals = {name.capitalize(): text[:1].upper() + text[1:] for name, text in fields.items()}
    return wording.format(**fields, **capitals)
