"""Right answers as plain claims, and the claims as English.

A claim carries the number of its wording, so that an answer in which one claim is changed is the same answer to the
letter in all other words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from adiff_data.audio.differences import PairFacts
from adiff_data.claims.comparisons import comparisons as comparisons_in
from adiff_data.core.seeded import Seeded
from adiff_data.tiers import DETAIL, FEWWORDS, TIERS
from adiff_model.evaluation.metric_trial import wordings
from adiff_model.evaluation.metric_trial.events import EventPhrase, events_of, in_other_words
from adiff_model.prediction_file import Task

_MOST_COMPARISONS = {"fewwords": 2, "sentence": 2, "detail": 4}
_FEWEST_EVENTS = 3  # of which two can be dropped
_REMARKS = 3  # in a detail answer
_WORDINGS = 1000  # from which a claim's number is drawn
BEHIND_EVENTS = 100  # the number of the first sentence that compares


@dataclass(frozen=True)
class EventClaim:
    """An event sounds in an audio.

    Attributes:
        audio: 1 or 2.
        is_further: whether the audio has another event before it, so that it is told as one more.
        sentence: the number of the sentence that tells it; two claims may share one.
        wording: which of the wordings tells it.
    """

    audio: int
    event: EventPhrase
    is_further: bool
    sentence: int
    wording: int


@dataclass(frozen=True)
class ComparisonClaim:
    """An audio (1 or 2) has more of a quality (`audio.differences.QUALITIES`) than the other."""

    audio: int
    quality: str
    sentence: int
    wording: int
    is_brief: bool = False


Claim = EventClaim | ComparisonClaim
OtherWords = dict[tuple[int, EventPhrase], EventPhrase]  # by audio (1 or 2) and event, the same event in other words


@dataclass(frozen=True)
class Answer:
    """The claims of an answer, and what stands around them.

    Attributes:
        names: of the two audios.
        joints: between the two claims of a sentence; of events, and of comparisons.
        remarks: sentences that say nothing of the recordings, each with the number of the sentence that it follows.
    """

    claims: tuple[Claim, ...]
    names: tuple[str, str]
    joints: tuple[str, str]
    opening: str = ""
    remarks: tuple[tuple[int, str], ...] = ()
    closing: str = ""

    def text(self) -> str:
        """The answer in English."""
        numbered = [*self._sentences(), *((number + 0.5, remark) for number, remark in self.remarks)]
        first, *others = (sentence for _, sentence in sorted(numbered))
        head = self.opening + (_small(first) if self.opening.endswith(": ") else first)
        return " ".join(filter(None, [head, *others, self.closing]))

    def _sentences(self) -> Iterator[tuple[float, str]]:
        for number, claims in groupby(self.claims, lambda claim: claim.sentence):
            joint = self.joints[number >= BEHIND_EVENTS]
            yield number, _capital(joint.join(_in_words(claim, self.names) for claim in claims)) + "."


def right_answer(task: Task, comparisons: Sequence[tuple[str, int]]) -> Answer:
    """What the captions and the comparisons tell, in words that follow from the row's id.

    Args:
        comparisons: qualities, each with the audio that has more of it.
    """
    stream = Seeded("metric trial", task.id)
    events = [[_told(event, task) for event in events_of(caption)] for caption in (task.caption1, task.caption2)]
    claims: list[Claim] = []
    for sentence, pair in enumerate(zip_longest(*events)):
        for audio, event in enumerate(pair, start=1):
            if event is not None:
                claims.append(EventClaim(audio, event, sentence > 0, sentence, stream.below(_WORDINGS)))
    for number, (quality, audio) in enumerate(comparisons[: _MOST_COMPARISONS[task.tier]]):
        sentence = BEHIND_EVENTS + number // 2
        is_brief = task.tier == FEWWORDS.name
        claims.append(ComparisonClaim(audio, quality, sentence, stream.below(_WORDINGS), is_brief))
    answer = Answer(
        tuple(claims),
        stream.choice(wordings.BRIEF_NAMES if task.tier == FEWWORDS.name else wordings.NAMES),
        (stream.choice(wordings.EVENT_JOINTS), stream.choice(wordings.COMPARISON_JOINTS)),
        stream.choice(wordings.OPENINGS[task.tier]),
        _remarks(claims, stream) if task.tier == DETAIL.name else (),
        stream.choice(wordings.CLOSINGS[task.tier]),
    )
    return _fitted(answer, TIERS[task.tier].most)


def _fitted(answer: Answer, most_words: int) -> Answer:
    """The answer without its last further events, as far as it is too long for its tier; a few are always left."""
    while len(answer.text().split()) > most_words:
        events = [claim for claim in answer.claims if isinstance(claim, EventClaim)]
        further = [claim for claim in events if claim.is_further]
        if len(events) <= _FEWEST_EVENTS or not further:
            break
        answer = replace(answer, claims=tuple(claim for claim in answer.claims if claim is not further[-1]))
    return answer


def other_words(task: Task, captions_of_clip: Mapping[str, Iterable[str]]) -> OtherWords:
    """The events that another caption of their clip tells as well, in its words.

    Args:
        captions_of_clip: all captions by the clip's path.
    """
    found: OtherWords = {}
    for audio, (path, caption) in enumerate(
        ((task.filepath1, task.caption1), (task.filepath2, task.caption2)), start=1
    ):
        events = events_of(caption)
        others = [other for other in captions_of_clip[path] if other != caption]
        for event in events:
            other = in_other_words(event, events, others)
            if other is not None:
                found[audio, _told(event, task)] = _told(other, task)
    return found


def _told(event: EventPhrase, task: Task) -> EventPhrase:
    return event.without_place() if task.tier == FEWWORDS.name else event


def tells_both(task: Task) -> bool:
    """Whether the captions tell an event of each audio."""
    return bool(events_of(task.caption1) and events_of(task.caption2))


def known_comparisons(answers: Sequence[str], facts: PairFacts | None) -> list[tuple[str, int]]:
    """The comparisons that hold of a pair: those that were measured, else those that its answers make and none denies.

    Those that the first answer makes come first.
    """
    made = dict.fromkeys((claim.quality, claim.audio) for answer in answers for claim in comparisons_in(answer))
    if facts is None:
        return [(quality, audio) for quality, audio in made if (quality, 3 - audio) not in made]
    measured = [(difference.quality, difference.audio) for difference in facts.differences]
    return sorted(measured, key=lambda each: list(made).index(each) if each in made else len(made))


def _remarks(claims: Sequence[Claim], stream: Seeded) -> tuple[tuple[int, str], ...]:
    """Remarks, each behind a sentence of its own but the last."""
    sentences = list(dict.fromkeys(claim.sentence for claim in claims))[:-1]
    return tuple(zip(sentences, stream.sample(wordings.REMARKS, _REMARKS), strict=False))


def _in_words(claim: Claim, names: tuple[str, str]) -> str:
    if isinstance(claim, EventClaim):
        by_kind = wordings.FURTHER_EVENTS if claim.is_further else wordings.EVENTS
        ways = by_kind[claim.event.kind]
        return ways[claim.wording % len(ways)].format(audio=names[claim.audio - 1], x=claim.event.text)
    comparisons = [
        way.format(words=words, a=a, b=b)
        for words_of, a, b in ((wordings.MORE, "{more}", "{less}"), (wordings.LESS, "{less}", "{more}"))
        for words in words_of[claim.quality]
        for way in (wordings.BRIEF_COMPARISONS if claim.is_brief else wordings.COMPARISONS)
    ]
    return comparisons[claim.wording % len(comparisons)].format(
        more=names[claim.audio - 1], less=names[2 - claim.audio]
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
