"""A language model as judge: it rates each prediction beside a reference, in both orders, by the paper's questions."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from string import Template

from pydantic import BaseModel, ConfigDict

from adiff_data.core.errors import InputError
from adiff_data.core.journal import FileJournal
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_data.llm import Client, Dispatcher, ModelOptions, Outcome, Question, Request, RunOptions, run_to_end
from adiff_data.llm.dialogue import read_unchanged
from adiff_data.llm.request import as_data, expected_tokens_of, token_limit_of
from adiff_data.records import Provenance
from adiff_data.tiers import TIERS
from adiff_model.evaluation.systems import Group, System
from adiff_model.metrics.text_scores import MetricScores, NoScore, mean_score
from adiff_model.prediction_file import Prediction

QUESTIONS = ("correctness", "granularity", "readability")
ORDERS = ("first", "second")  # whether the prediction stands before or after the reference
_JSON_OBJECT = re.compile(r"\{.*\}", re.DOTALL)

Ratings = dict[str, float]  # by question, 1 to 5


class JudgeAnswer(BaseModel):
    """A line of the judge's journal: its answer about one prediction in one order.

    Journals of earlier versions have further fields, which are ignored: they say nothing about the answer.

    Attributes:
        id: the prediction's, followed by the order: `3f2a…-detail-first`.
        input: the order.
        answer: the judge's text; empty if there is none, and `provenance.failure` says why.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    input: str
    answer: str
    provenance: Provenance


@dataclass(frozen=True)
class Judgements:
    """A judge's mean ratings, 1 to 5.

    Attributes:
        judge: the name of the model.
        ratings: by system and group, then by question.
    """

    judge: str
    ratings: Mapping[str, Mapping[Group, MetricScores]]

    def of(self, system: str, group: Group) -> MetricScores:
        """A system's ratings in a group, by question."""
        return self.ratings.get(system, {}).get(group) or dict.fromkeys(QUESTIONS, NoScore("not judged"))


@dataclass(frozen=True)
class Judge:
    """Which model judges, and how many rows.

    Attributes:
        model, options: how the model is asked.
        key: the API key.
        folder: stores the answers, so that no question is asked twice.
        rows: how many rows of each tier are judged, the same for all systems.
    """

    model: ModelOptions
    options: RunOptions
    key: str
    folder: Path
    rows: int

    def judge(self, system: System, progress: ProgressCallback | None = None) -> Mapping[Group, MetricScores]:
        """Judges a system.

        Args:
            progress: called with a separate step for each group.

        Raises:
            InputError, WorkError: as `ask`.
        """
        identity = f"{self.model.model}\n{prompt_hash()}\n{system.name}"
        journal = self.folder / f"judge-{hashlib.sha256(identity.encode()).hexdigest()[:12]}.jsonl"
        scores = {}
        for group, rows in system.groups.items():
            sample = sorted(Seeded("judge", *group, len(rows)).sample(list(range(len(rows))), self.rows))
            judged = [rows[index] for index in sample if rows[index].prediction.strip()]
            total = len(ORDERS) * len(judged)
            counter = ProgressCounter(progress, f"judge {' '.join(group)}", total, unit="answers")
            ratings = ask(judged, journal, self.model, self.options, key=self.key, advance=counter.advance)
            scores[group] = _mean_ratings([of_prediction for of_prediction, _ in ratings.values()], len(judged))
        return scores


def ask(
    rows: Sequence[Prediction],
    journal_path: Path,
    model: ModelOptions,
    options: RunOptions,
    *,
    key: str,
    advance: Callable[[int], None] = lambda count: None,
) -> dict[str, tuple[Ratings, Ratings]]:
    """Asks every question whose answer is not in the journal.

    Args:
        advance: called with the number of answers received since the last call.

    Returns:
        by the row's id, the ratings of its prediction and of its reference. Rows of which an answer, in either order,
        contains no readable ratings are left out.

    Raises:
        InputError: a row has no captions, or the journal is not one.
        WorkError: the judge cannot be asked, or the journal cannot be written. Answers up to then are kept.
    """
    with FileJournal(journal_path, JudgeAnswer) as journal:
        answers = {} if journal.is_empty() else {record.id: record.answer for record in journal.records()}

        def keep(answer_id: str, order: str, outcome: Outcome) -> None:
            journal.append(_judge_answer(answer_id, order, outcome, model))
            answers[answer_id] = outcome.text
            advance(1)

        missing = [request for request in _requests(rows) if request[0] not in answers]
        advance(len(ORDERS) * len(rows) - len(missing))
        questions = (
            Question(
                request,
                max_attempts=options.max_attempts,
                price=None,
                finish=partial(keep, answer_id, order),
                read=read_unchanged,
            )
            for answer_id, order, request in missing
        )

        async def ask_all() -> None:
            async with Client(model.base_url, key, timeout=options.timeout) as client:
                await Dispatcher(client, model, options).run(questions)

        if missing:
            run_to_end(ask_all())
    ratings = {row.id: _mean_of_orders([answers.get(f"{row.id}-{order}", "") for order in ORDERS]) for row in rows}
    return {row_id: both for row_id, both in ratings.items() if both}


def request_about(row: Prediction, order: str) -> Request:
    """The request for a row in one order. Its answer may be as long as an explanation of the row's tier."""
    explanations = [row.prediction, row.references[0]]
    first, second = explanations if order == ORDERS[0] else reversed(explanations)
    texts = {"caption1": row.caption1, "caption2": row.caption2, "prompt": row.prompt, "one": first, "other": second}
    content = Template(_prompt()).substitute({name: as_data(text) for name, text in texts.items()})
    words = TIERS[row.tier].words
    return Request([{"role": "user", "content": content}], token_limit_of(words), expected_tokens_of(words))


def read_ratings(answer: str) -> tuple[Ratings, Ratings] | None:
    """The ratings of explanations A and B; None if the answer does not contain them as integers from 1 to 5."""
    match = _JSON_OBJECT.search(answer)
    try:
        content = json.loads(match.group()) if match else {}
        first, second = ({question: content[name][question] for question in QUESTIONS} for name in ("A", "B"))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(value, int) and 1 <= value <= 5 for value in (*first.values(), *second.values())):
        return None
    return first, second


@cache
def prompt_hash() -> str:
    """The SHA-256 of the prompt."""
    return hashlib.sha256(_prompt().encode()).hexdigest()


def _requests(rows: Sequence[Prediction]) -> Iterator[tuple[str, str, Request]]:
    """The answer's id, the order and the request, for both orders of each row.

    Raises:
        InputError: a row has no captions, by which the judge knows what is right.
    """
    for row in rows:
        if not row.caption1 or not row.caption2:
            raise InputError(f"'{row.id}' has no captions to judge it by", mend="adiff predict writes them since 0.1")
        for order in ORDERS:
            yield f"{row.id}-{order}", order, request_about(row, order)


def _judge_answer(answer_id: str, order: str, outcome: Outcome, model: ModelOptions) -> JudgeAnswer:
    provenance = Provenance(
        annotator="llm",
        model=model.model,
        prompt_version="judge",
        prompt_hash=prompt_hash(),
        request=model.model_dump(include={"temperature", "seed", "extra_body"}),
        attempts=outcome.usage.attempts,
        finish_reason=outcome.finish_reason,
        tokens_in=outcome.usage.tokens_in,
        tokens_out=outcome.usage.tokens_out,
        seconds=outcome.seconds,
        failure=outcome.failure,
    )
    return JudgeAnswer(id=answer_id, input=order, answer=outcome.text, provenance=provenance)


def _mean_of_orders(answers: Sequence[str]) -> tuple[Ratings, Ratings] | None:
    """The ratings of the prediction and of the reference, each the mean of both orders."""
    first, second = (read_ratings(answer) for answer in answers)
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
def _prompt() -> str:
    return (files(__package__) / "judge.md").read_text(encoding="utf-8").strip()
