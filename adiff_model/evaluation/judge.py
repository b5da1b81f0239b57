"""A language model as judge: each prediction beside a reference, in both orders, by the paper's three questions."""

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
from adiff_data.llm.request import as_data, expected_tokens_of, token_limit_of
from adiff_data.records import Provenance
from adiff_data.tiers import TIERS
from adiff_model.evaluation.systems import Group, System
from adiff_model.metrics.text_scores import Found, NoScore, score_of_mean
from adiff_model.prediction_file import Prediction

QUESTIONS = ("correctness", "granularity", "readability")
ORDERS = ("first", "second")  # the prediction's place beside the reference
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)

Points = dict[str, float]  # by question, 1 to 5


class JudgeAnswer(BaseModel):
    """A line of the judge's journal: its answer about one prediction in one order.

    Journals of earlier versions have further fields, which say nothing about the answer and are passed over.

    Attributes:
        id: the prediction's, with the order behind it: `3f2a…-detail-first`.
        input: the order.
        answer: what the judge said; empty where `provenance.failure` says why it said nothing.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    input: str
    answer: str
    provenance: Provenance


@dataclass(frozen=True)
class Judgements:
    """Mean points, 1 to 5, by system, group and question; `judge` is the model's name."""

    judge: str
    points: Mapping[str, Mapping[Group, Found]]

    def of(self, system: str, group: Group) -> Found:
        """A system's points in a group, by question."""
        return self.points.get(system, {}).get(group) or dict.fromkeys(QUESTIONS, NoScore("not judged"))


@dataclass(frozen=True)
class Judge:
    """Who judges, and how much of it.

    Attributes:
        model, options: how the judge is asked.
        key: the API key.
        folder: keeps what was answered, so that nothing is asked twice.
        rows: how many rows of each tier are judged, the same for all systems.
    """

    model: ModelOptions
    options: RunOptions
    key: str
    folder: Path
    rows: int

    def judge(self, system: System, progress: ProgressCallback | None = None) -> Mapping[Group, Found]:
        """Judges a system.

        Args:
            progress: called with a step of its own for each group.

        Raises:
            InputError, WorkError: as `ask`.
        """
        who = f"{self.model.model}\n{prompt_hash()}\n{system.name}"
        journal = self.folder / f"judge-{hashlib.sha256(who.encode()).hexdigest()[:12]}.jsonl"
        scores = {}
        for group, rows in system.groups.items():
            sample = sorted(Seeded("judge", *group, len(rows)).sample(list(range(len(rows))), self.rows))
            chosen = [rows[number] for number in sample if rows[number].prediction.strip()]
            total = len(ORDERS) * len(chosen)
            counter = ProgressCounter(progress, f"judge {' '.join(group)}", total, unit="answers")
            points = ask(chosen, journal, self.model, self.options, key=self.key, advance=counter.advance)
            scores[group] = _scores([prediction for prediction, _ in points.values()], len(chosen))
        return scores


def ask(
    rows: Sequence[Prediction],
    journal_path: Path,
    model: ModelOptions,
    options: RunOptions,
    *,
    key: str,
    advance: Callable[[int], None] = lambda count: None,
) -> dict[str, tuple[Points, Points]]:
    """Asks what the journal does not hold yet; each judged row's points and its reference's, by the row's id.

    Rows whose answers cannot be read as points, in either order, are left out.

    Args:
        advance: called with the number of answers that came.

    Raises:
        InputError: a row has no captions, or the journal is not one.
        WorkError: the judge cannot be asked, or the journal cannot be written. What was answered is kept.
    """
    with FileJournal(journal_path, JudgeAnswer) as journal:
        answers = {} if journal.is_empty() else {kept.id: kept.answer for kept in journal.records()}

        def keep(name: str, order: str, outcome: Outcome) -> None:
            journal.append(_answer_of(name, order, outcome, model))
            answers[name] = outcome.text
            advance(1)

        missing = [(name, order, request) for name, order, request in _requests_about(rows) if name not in answers]
        advance(len(ORDERS) * len(rows) - len(missing))
        questions = (
            Question(request, max_attempts=options.max_attempts, price=None, finish=partial(keep, name, order))
            for name, order, request in missing
        )

        async def ask_all() -> None:
            async with Client(model.base_url, key, timeout=options.timeout) as client:
                await Dispatcher(client, model, options).run(questions)

        if missing:
            run_to_end(ask_all())
    judged = {row.id: _both_orders([answers.get(f"{row.id}-{order}", "") for order in ORDERS]) for row in rows}
    return {name: points for name, points in judged.items() if points}


def request_about(row: Prediction, order: str) -> Request:
    """What the judge is asked about a row in one order. Its answer may be as long as one of the row's tier."""
    explanations = [row.prediction, row.references[0]]
    first, second = explanations if order == ORDERS[0] else reversed(explanations)
    shown = {"caption1": row.caption1, "caption2": row.caption2, "prompt": row.prompt, "one": first, "other": second}
    content = Template(_prompt()).substitute({name: as_data(text) for name, text in shown.items()})
    words = TIERS[row.tier].words
    return Request([{"role": "user", "content": content}], token_limit_of(words), expected_tokens_of(words))


def read_points(answer: str) -> tuple[Points, Points] | None:
    """The points of explanations A and B; None where an answer has none, or others than 1 to 5."""
    match = _OBJECT.search(answer)
    try:
        given = json.loads(match.group()) if match else {}
        first, second = ({question: given[name][question] for question in QUESTIONS} for name in ("A", "B"))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(value, int) and 1 <= value <= 5 for value in (*first.values(), *second.values())):
        return None
    return first, second


@cache
def prompt_hash() -> str:
    """The SHA-256 of the prompt."""
    return hashlib.sha256(_prompt().encode()).hexdigest()


def _requests_about(rows: Sequence[Prediction]) -> Iterator[tuple[str, str, Request]]:
    """Both orders of each row: the answer's id, the order, and what is asked.

    Raises:
        InputError: a row has no captions, which tell what is right.
    """
    for row in rows:
        if not row.caption1 or not row.caption2:
            raise InputError(f"no captions to judge '{row.id}' by", mend="adiff predict writes them since 0.1")
        for order in ORDERS:
            yield f"{row.id}-{order}", order, request_about(row, order)


def _answer_of(name: str, order: str, outcome: Outcome, model: ModelOptions) -> JudgeAnswer:
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
    return JudgeAnswer(id=name, input=order, answer=outcome.text, provenance=provenance)


def _both_orders(answers: Sequence[str]) -> tuple[Points, Points] | None:
    """The prediction's points and the reference's, means over both orders."""
    first, second = (read_points(answer) for answer in answers)
    if first is None or second is None:
        return None
    prediction = {question: (first[0][question] + second[1][question]) / 2 for question in QUESTIONS}
    reference = {question: (first[1][question] + second[0][question]) / 2 for question in QUESTIONS}
    return prediction, reference


def _scores(points: Sequence[Points], asked: int) -> Found:
    if not points:
        return dict.fromkeys(QUESTIONS, NoScore(f"of {asked} rows the judge gave none points that can be read"))
    return {question: score_of_mean([row[question] for row in points]) for question in QUESTIONS}


@cache
def _prompt() -> str:
    return (files(__package__) / "judge.md").read_text(encoding="utf-8").strip()
