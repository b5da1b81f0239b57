"""Grounded answers: of several candidates the one that contradicts the recordings least, without what contradicts it.

What holds is known from two sides: the facts that `adiff_data` measures on the recordings, and the checkpoint's own
event head, for the classes that it knows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import Facts
from adiff_data.claims import BOTH, ClipTruth, Kind, Mention, PairTruth, split_claims, with_measurements
from adiff_data.claims.equality import same_claims
from adiff_data.claims.sides import side_markers, sides_of
from adiff_data.core.errors import AdiffError
from adiff_data.engines.local import LOCAL
from adiff_data.grounding import Grounded, LeftOut, fallback_answer, faults_of, ground
from adiff_data.sounds.things import GENERAL_NAMES, places_of_things
from adiff_data.tiers import FEWWORDS, TIER_OF_REQUEST, is_about_similarity
from adiff_model.encoding import EncodedClip
from adiff_model.events import DETECTION_THRESHOLD, class_names, class_places
from adiff_model.examples import Question
from adiff_model.generation import Decoding

CANDIDATES = 2  # further answers, where the first one contradicts something
_TEMPERATURE, _TOP_P = 0.9, 0.9  # of further answers to where answers are not sampled anyway
_TOLD_FROM, _MOST_TOLD = 0.3, 3  # the probability of events that a fallback names, and their number


@dataclass(frozen=True)
class GroundedAnswer:
    """An answer that holds.

    Attributes:
        left_out: what of the model's answer was left out, and why.
        is_fallback: whether nothing of the model's answer was left, so that it says what was measured and detected.
    """

    text: str
    left_out: tuple[LeftOut, ...] = ()
    is_fallback: bool = False


Generate = Callable[[Sequence[Question], Decoding], Sequence[str]]


class Grounding:
    """Grounds the answers of one checkpoint.

    Args:
        known: the indices of the classes that its event head knows.
    """

    def __init__(self, known: Iterable[int]) -> None:
        self._known = frozenset(known)
        self._facts: dict[str, Facts | None] = {}

    def answers(
        self,
        questions: Sequence[Question],
        first: Sequence[str],
        clips: Mapping[str, EncodedClip],
        decoding: Decoding,
        generate: Generate,
    ) -> list[GroundedAnswer]:
        """The answers to questions, grounded.

        Args:
            first: the model's answers, as it gives them by itself.
            clips: of the questions' recordings, by path.
            generate: gives the model's answers to questions, with a decoding that samples.
        """
        self._measure([path for question in questions for path in question[:2]])
        known = [self._known_of(question, clips) for question in questions]
        candidates = [[text] for text in first]
        wrong = [n for n, text in enumerate(first) if known[n].faults_of(text)[0]]
        again = [questions[number] for number in wrong for _ in range(CANDIDATES)]
        sampled = iter(generate(again, _sampling(decoding)) if again else ())
        for number in wrong:
            candidates[number] += [next(sampled) for _ in range(CANDIDATES)]
        best = [min(texts, key=its.faults_of) for its, texts in zip(known, candidates, strict=True)]
        return [its.answer(text) for its, text in zip(known, best, strict=True)]

    def _measure(self, paths: Iterable[str]) -> None:
        new = [path for path in dict.fromkeys(paths) if path not in self._facts]
        self._facts |= dict(zip(new, LOCAL.map(_facts_of, new, chunk_size=4), strict=True))

    def _known_of(self, question: Question, clips: Mapping[str, EncodedClip]) -> "_Known":
        path1, path2, prompt = question
        facts1, facts2 = self._facts[path1], self._facts[path2]
        facts = PairFacts(facts1, facts2) if facts1 and facts2 else None
        probabilities = clips[path1].event_probabilities, clips[path2].event_probabilities
        return _Known(prompt, facts, probabilities, self._known)


def _facts_of(path: str) -> Facts | None:
    from adiff_data.audio.acoustics import measure_file  # noqa: PLC0415 - SciPy takes a second

    try:
        return measure_file(Path(path))
    except AdiffError:  # it could be encoded, so comparisons alone are lost
        return None


def _sampling(decoding: Decoding) -> Decoding:
    """How further answers are drawn."""
    if decoding.is_sampling:
        return replace(decoding, seed=decoding.seed + 1)
    return Decoding(decoding.max_len, _TEMPERATURE, sample=True, top_p=_TOP_P, seed=decoding.seed)


@dataclass(frozen=True)
class _Known:
    """What is known of the recordings of one question."""

    prompt: str
    facts: PairFacts | None
    probabilities: tuple[np.ndarray, np.ndarray]
    classes: frozenset[int]

    @cached_property
    def truth(self) -> PairTruth:
        """What was detected and measured."""
        first, second = (self._clip_truth(each) for each in self.probabilities)
        return with_measurements(PairTruth(first, second), self.facts, alike=first.events == second.events)

    def faults_of(self, text: str) -> tuple[int, int]:
        return faults_of(text, self._truth_for(text), self._mentions)

    def answer(self, text: str) -> GroundedAnswer:
        """The text without what does not hold, or a fallback where too little is left of it."""
        grounded = ground(text, self._truth_for(text), self._mentions, self.facts)
        if not self._is_worn_away(text, grounded):
            return GroundedAnswer(grounded.text, grounded.left_out)
        tier = TIER_OF_REQUEST.get(self.prompt, FEWWORDS.name)
        key = f"{text} {self.prompt}"
        told = fallback_answer(key, tier, self._told(), self.facts, same=self.truth.same is True)
        return GroundedAnswer(told, grounded.left_out, is_fallback=True)

    def _is_worn_away(self, text: str, grounded: Grounded) -> bool:
        """Whether nothing is left to say of an audio, or nothing differs where a difference is told."""
        if not grounded.text:
            return True
        tier = TIER_OF_REQUEST.get(self.prompt)
        if tier is None or is_about_similarity(tier):
            return False
        if any(same_claims(grounded.text)):
            return False
        return self.truth.same is True or bool(self._sides_told(text) - self._sides_told(grounded.text))

    def _sides_told(self, text: str) -> frozenset[tuple[int, str]]:
        """The audios of which a text says something, and those of which it names an event."""
        sides = sides_of(text)
        told = {(audio, "something") for audio, words in ((1, sides.first), (2, sides.second)) if words}
        claims = split_claims(text, self._mentions)
        events = {(claim.audio, "event") for claim in claims if claim.kind == Kind.EVENT and claim.audio != BOTH}
        return frozenset(told | events)

    def _truth_for(self, text: str) -> PairTruth:
        """The truth; of a text that names no audio, one that does not tell them apart."""
        if side_markers(text):
            return self.truth
        first, second = self.truth.first, self.truth.second
        either = ClipTruth(first.events | second.events, complete=False, lacks=first.lacks & second.lacks)
        return replace(self.truth, first=either, second=either)

    def _mentions(self, text: str) -> list[Mention]:
        """The events that a text names and the event head knows."""
        names = class_names()
        places = (place for place in class_places(text) if self.classes.issuperset(place.classes))
        return [Mention(names[place.classes[0]], place.start, place.end) for place in sorted(places)]

    def _clip_truth(self, probabilities: np.ndarray) -> ClipTruth:
        """What was detected; of a class with a general name ("an engine") also by another class of its family."""
        detected = {index for index in self.classes if probabilities[index] >= DETECTION_THRESHOLD}
        families = {_spoken(index).family for index in detected} - {""}
        detected |= {index for index in self.classes if _spoken(index).is_general and _spoken(index).family in families}
        names = class_names()
        return ClipTruth(
            frozenset(names[index] for index in detected),
            complete=False,
            lacks=frozenset(names[index] for index in self.classes - detected),
        )

    def _told(self) -> tuple[list[str], list[str]]:
        """What a fallback names in each audio, most probable first; nothing that says no more than another name."""
        first, second = (_names_to_tell(each) for each in self.probabilities)
        return first, second


class _Spoken(NamedTuple):
    """A class as people call it ("a dog"), and the family of sounds that it belongs to, if any."""

    name: str
    family: str
    is_general: bool


@cache
def _spoken(index: int) -> _Spoken:
    name = class_names()[index]
    for _, _, family, thing in places_of_things(name):
        return _Spoken(thing, family, thing in GENERAL_NAMES)
    return _Spoken(name.split(",")[-1].split("(")[0].strip().lower(), "", is_general=False)


def _names_to_tell(probabilities: np.ndarray) -> list[str]:
    likely = [int(index) for index in np.argsort(-probabilities, kind="stable") if probabilities[index] >= _TOLD_FROM]
    told: list[_Spoken] = []
    for spoken in map(_spoken, likely):
        says_more = not (spoken.is_general or spoken.name.endswith("ing")) or not any(
            spoken.family == other.family for other in told
        )
        if says_more and spoken not in told:
            told.append(spoken)
    return [spoken.name for spoken in told[:_MOST_TOLD]]
