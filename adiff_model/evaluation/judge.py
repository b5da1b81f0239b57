"""A language model as judge: it rates each prediction beside a reference, in both orders, by the paper's questions.

It knows what is right by the captions, and may hear both recordings, too.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from string import Template

from adiff_data.annotation.failures import FailureWatch
from adiff_data.annotation.provenance import provenance_of
from adiff_data.audio.sending import SendingOptions, SentPair
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_data.llm import (
    Dispatcher,
    ModelOptions,
    Outcome,
    Question,
    Reply,
    Request,
    run_to_end,
    stop_on_signals,
)
from adiff_data.llm.clients import AskedModel
from adiff_data.llm.dialogue import read_unchanged
from adiff_data.llm.request import as_data, expected_tokens_of, token_limit_of
from adiff_data.llm.structured import values_in
from adiff_data.tiers import ANSWER_KINDS
from adiff_model.evaluation.judge_ears import Hear, hear_nothing, heard_rows, open_ears
from adiff_model.evaluation.judge_memory import JudgeAnswer, JudgeMemory, answer_id
from adiff_model.evaluation.systems import Group, System
from adiff_model.metrics.text_scores import MetricScores, NoScore, mean_score
from adiff_model.prediction_file import Prediction

QUESTIONS = ("correctness", "granularity", "readability")
ORDERS = ("first", "second")  # whether the prediction stands before or after the reference
_NO_RATINGS = "no readable ratings"
_MEMORY = "answers.jsonl"

Ratings = dict[str, float]  # by question, 1 to 5


@dataclass(frozen=True)
class Judgements:
    """A judge's mean ratings, 1 to 5.

    Attributes:
        judge: the name of the model.
        ratings: by system and group, then by question.
        error: what ended the judging early; None where nothing did.
    """

    judge: str
    ratings: Mapping[str, Mapping[Group, MetricScores]]
    error: WorkError | None = None

    def of(self, system: str, group: Group) -> MetricScores:
        """A system's ratings in a group, by question."""
        reason = f"not judged: {self.error}" if self.error else "not judged"
        return self.ratings.get(system, {}).get(group) or dict.fromkeys(QUESTIONS, NoScore(reason))


@dataclass(frozen=True)
class Judge(AskedModel):
    """Which model judges, and how many rows.

    Attributes:
        folder: stores the answers and what they cost, so that no question is paid twice.
        rows: how many rows of each tier are judged, the same for all systems.
        audio_root: the folder of the recordings, if the judge hears them.
        sending: how they are sent.
        model, options, key, price, headers: as in `AskedModel`.

    Raises:
        InputError: there is a budget but no price, keys and servers do not go together, an address is none, or there is
            no such folder.
    """

    folder: Path
    rows: int
    audio_root: Path | None = field(default=None, kw_only=True)
    sending: SendingOptions = field(default_factory=SendingOptions, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.audio_root and not self.audio_root.is_dir():
            raise InputError("no such folder of recordings", file=self.audio_root)

    @property
    def name(self) -> str:
        """The model's name, and that it heard the recordings."""
        return f"{self.model.model}, by ear" if self.audio_root else self.model.model

    def require_captions(self, systems: Iterable[System]) -> None:
        """Makes sure that the judge can know what is right.

        Raises:
            InputError: a row has no captions.
        """
        for row in (row for system in systems for row in system.rows):
            if not row.caption1 or not row.caption2:
                raise InputError(
                    f"'{row.id}' has no captions to judge it by", mend="adiff predict writes them since 0.1"
                )

    def judge(self, systems: Sequence[System], progress: ProgressCallback | None = None) -> Judgements:
        """Judges systems, as far as the judge answers: what ends it early is the result's `error`.

        Args:
            progress: called with a separate step for each group.

        Raises:
            InputError: the memory in `folder` is none.
        """
        ratings: dict[str, dict[Group, MetricScores]] = {system.name: {} for system in systems}
        try:
            with self._ears(systems) as hear:
                for system in systems:
                    for group, rows in system.groups.items():
                        ratings[system.name][group] = self._judge_group(system.name, group, rows, hear, progress)
        except WorkError as error:
            return Judgements(self.name, ratings, error)
        return Judgements(self.name, ratings)

    def _ears(self, systems: Sequence[System]) -> AbstractContextManager[Hear]:
        if self.audio_root is None:
            return nullcontext(hear_nothing)
        return open_ears(self.audio_root, self.sending, (row for system in systems for row in system.rows))

    def _judge_group(
        self, system: str, group: Group, rows: Sequence[Prediction], hear: Hear, progress: ProgressCallback | None
    ) -> MetricScores:
        sample = sorted(Seeded("judge", *group, len(rows)).sample(list(range(len(rows))), self.rows))
        judged = [rows[index] for index in sample if rows[index].prediction.strip()]
        counter = ProgressCounter(
            progress, f"judge {system}, {' '.join(group)}", len(ORDERS) * len(judged), unit="answers"
        )
        ratings = ask(
            judged,
            self.folder / _MEMORY,
            self,
            hear=hear,
            advance=counter.advance,
            tell=lambda line: counter.advance(0, note=line),
        )
        return _mean_ratings([of_prediction for of_prediction, _ in ratings.values()], len(judged))


def ask(
    rows: Sequence[Prediction],
    memory_path: Path,
    judge: AskedModel,
    *,
    hear: Hear = hear_nothing,
    advance: Callable[[int], None] = lambda count: None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, tuple[Ratings, Ratings]]:
    """Asks every question whose answer is not in the memory.

    Args:
        hear: sends the recordings of a row; rows of which it cannot are left out.
        advance: called with the number of answers received since the last call.
        tell: takes a line on why the judge is waited for.

    Returns:
        by the row's id, the ratings of its prediction and of its reference. Rows of which an answer, in either order,
        contains no readable ratings are left out.

    Raises:
        InputError: the memory is not one.
        WorkError: the judge cannot be asked, the first answers can all not be read, or the memory cannot be written.
            Answers up to then are kept.
    """
    model, options = judge.model, judge.options
    heard = {row.id: recorded for row, recorded in heard_rows(rows, hear)}
    rows_of = {row.id: row for row in rows if row.id in heard}
    requests = {
        (name, order): request_about(row, order, is_heard=heard[name] is not None)
        for name, row in rows_of.items()
        for order in ORDERS
    }
    ids = {
        (row, order): answer_id(request.messages, {"order": order, **model.recorded, **_as_settings(heard[row])})
        for (row, order), request in requests.items()
    }
    with JudgeMemory(memory_path, options.budget) as memory:
        missing = {ids[name]: name for name in requests if ids[name] not in memory.answers}
        advance(len(requests) - len(missing))
        watch = FailureWatch[JudgeAnswer](memory.keep, options.most_failures_of(len(requests)))
        dispatchers: list[Dispatcher] = []

        def finish(name: str, row: str, order: str, outcome: Outcome) -> None:
            left_out = dispatchers[0].left_out
            made_with = {"left_out": list(left_out)} if left_out else {}
            watch.write(_judge_answer(name, row, order, outcome, model, made_with | _as_settings(heard[row])))
            advance(1)

        questions = (
            Question(
                _with_recordings(requests[row, order], hear(rows_of[row])),
                max_attempts=options.max_attempts,
                price=judge.price,
                finish=partial(finish, name, row, order),
                read=_read_answer,
                may_raise_limit=not model.limit_is_given,
            )
            for name, (row, order) in missing.items()
        )

        async def ask_all() -> None:
            async with judge.open_clients() as clients:
                dispatcher = Dispatcher(clients, model, options, price=judge.price, ledger=memory.ledger, tell=tell)
                dispatchers.append(dispatcher)
                with stop_on_signals(dispatcher.stop):
                    await dispatcher.run(questions)
            watch.write_kept_back()

        if missing:
            run_to_end(ask_all())
        stopped = any(dispatcher.stopped for dispatcher in dispatchers)
        answers = {name: memory.answers.get(ids[name], "") for name in requests}
    if stopped:
        raise WorkError("stopped while judging", mend="the same command goes on")
    ratings = {name: _mean_of_orders([answers[name, order] for order in ORDERS]) for name in rows_of}
    return {row_id: both for row_id, both in ratings.items() if both}


def request_about(row: Prediction, order: str, *, is_heard: bool = False) -> Request:
    """The request for a row in one order, without its recordings.

    Its answer may be as long as an explanation of the row's tier.

    Args:
        is_heard: whether the recordings will go with it.
    """
    explanations = [row.prediction, row.references[0]]
    first, second = explanations if order == ORDERS[0] else reversed(explanations)
    texts = {"caption1": row.caption1, "caption2": row.caption2, "prompt": row.prompt, "one": first, "other": second}
    content = Template(_prompt(is_heard)).substitute({name: as_data(text) for name, text in texts.items()})
    words = ANSWER_KINDS[row.tier].words
    return Request([{"role": "user", "content": content}], token_limit_of(words), expected_tokens_of(words))


def read_ratings(answer: str) -> tuple[Ratings, Ratings] | None:
    """The ratings of explanations A and B; None if the answer does not contain them as whole points from 1 to 5."""
    both = None
    for value in values_in(answer):
        both = _ratings_in(value) or both  # the last of several, as a model writes its answer after a draft
    return both


def _ratings_in(value: object) -> tuple[Ratings, Ratings] | None:
    if not isinstance(value, Mapping):
        return None
    try:
        first, second = ({question: _points(value[name][question]) for question in QUESTIONS} for name in ("A", "B"))
    except (ValueError, KeyError, TypeError):
        return None
    return first, second


def _points(value: object) -> float:
    """Whole points from 1 to 5, as a number or in text.

    Raises:
        ValueError: it is none.
    """
    points = 0.0 if isinstance(value, bool) else float(str(value))
    if points not in range(1, 6):
        raise ValueError
    return points


def _read_answer(reply: Reply) -> tuple[str, str | None]:
    """A reply's text, and why it is no answer."""
    text, fault = read_unchanged(reply)
    if fault is None and read_ratings(text) is None:
        return text, _NO_RATINGS
    return text, fault


def _with_recordings(request: Request, sent: SentPair | None) -> Request:
    if sent is None:
        return request
    message = request.messages[0] | {"content": sent.content(request.messages[0]["content"])}
    return replace(request, messages=[message], audio_seconds=sent.seconds)


def _as_settings(heard: Mapping[str, object] | None) -> dict[str, object]:
    """What an answer depends on beside its question: the recordings, by the hashes of what was sent."""
    return {"heard": heard} if heard else {}


@cache
def prompt_hash(*, is_heard: bool = False) -> str:
    """The SHA-256 of the prompt."""
    return hashlib.sha256(_prompt(is_heard).encode()).hexdigest()


def _judge_answer(
    name: str, row: str, order: str, outcome: Outcome, model: ModelOptions, made_with: Mapping[str, object]
) -> JudgeAnswer:
    """An answer for the memory.

    Args:
        made_with: what differs from how the model was to be asked, and what it heard.
    """
    request = {**model.parameters, "base_url": model.recorded["base_url"], **made_with}
    is_heard = "heard" in made_with
    provenance = provenance_of(
        outcome,
        model,
        request,
        prompt_version="judge_heard" if is_heard else "judge",
        prompt_hash=prompt_hash(is_heard=is_heard),
    )
    return JudgeAnswer(id=name, row=row, input=order, answer=outcome.text, provenance=provenance)


def _mean_of_orders(answers: Sequence[str]) -> tuple[Ratings, Ratings] | None:
    """The ratings of the prediction and of the reference, each the mean of both orders."""
    first, second = map(read_ratings, answers)
    if first is None or second is None:
        return None
    prediction = {question: (first[0][question] + second[1][question]) / 2 for question in QUESTIONS}
    reference = {question: (first[1][question] + second[0][question]) / 2 for question in QUESTIONS}
    return prediction, reference


def _mean_ratings(ratings: Sequence[Ratings], num_asked: int) -> MetricScores:
    if not ratings:
        return dict.fromkeys(QUESTIONS, NoScore(f"the judge gave readable ratings of none of {num_asked} rows"))
    return {question: mean_score([row[question] for row in ratings]) for question in QUESTIONS}


@cache
def _prompt(is_heard: bool) -> str:
    name = "judge_heard.md" if is_heard else "judge.md"
    return (files(__package__) / name).read_text(encoding="utf-8").strip()
