"""A language model as judge: each prediction beside a reference, in both orders, by the paper's three questions.

Asked through the annotation engine, so that retries, limits and a kill are seen to as they are for data.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import NamedTuple

from adiff_data.annotation.engine import Engine
from adiff_data.annotation.journal import Journal
from adiff_data.annotation.options import ModelOptions, RunOptions
from adiff_data.annotation.server import Server
from adiff_data.core.errors import InputError
from adiff_data.prompts import Messages, as_data
from adiff_data.records import Annotation, Pair, Provenance
from adiff_model.evaluation.truthfulness import as_annotation
from adiff_model.prediction_file import Prediction

QUESTIONS = ("correctness", "granularity", "readability")
ORDERS = ("first", "second")  # the prediction's place beside the reference
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)

Points = dict[str, float]  # by question, 1 to 5


class JudgeQuestion(NamedTuple):
    """One row in one order: what the engine asks.

    Attributes:
        pair: what is known of the recordings; its id is the question's.
        tiers: the row's tier, by which the engine measures an answer's length.
        row: the prediction.
        order: where it stands.
    """

    pair: Pair
    tiers: tuple[str, ...]
    row: Prediction
    order: str

    def messages(self, tiers: Sequence[str]) -> Messages:
        """The question."""
        del tiers
        texts = [self.row.prediction, self.row.references[0]]
        one, other = texts if self.order == ORDERS[0] else reversed(texts)
        asked = {"caption1": self.row.caption1, "caption2": self.row.caption2, "prompt": self.row.prompt}
        asked |= {"one": one, "other": other}
        return [
            {"role": "user", "content": _template().substitute({name: as_data(text) for name, text in asked.items()})}
        ]

    def annotation(self, tier: str, answer: str, provenance: Provenance) -> Annotation:
        """The judge's answer as a row of a journal."""
        del tier
        own = provenance.model_copy(update={"prompt_version": "judge", "prompt_hash": prompt_hash()})
        return as_annotation(self.row).model_copy(
            update={"id": self.pair.id, "input": self.order, "answer": answer, "provenance": own}
        )


def questions_of(rows: Sequence[Prediction]) -> Iterator[JudgeQuestion]:
    """Both orders of each row.

    Raises:
        InputError: a row has no captions, which tell what is right.
    """
    for row in rows:
        if not row.caption1 or not row.caption2:
            raise InputError(f"no captions to judge '{row.id}' by", mend="adiff predict writes them since 0.1")
        known = as_annotation(row)
        for order in ORDERS:
            fields = known.model_dump(include=set(Pair.model_fields) - {"id"})
            yield JudgeQuestion(Pair(id=f"{row.id}-{order}", **fields), (row.tier,), row, order)


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

    Raises:
        InputError, WorkError: as the engine.
    """
    with Journal(journal_path) as journal:
        answers = {own.id: own.answer for own in journal.rows()} if journal.rows_exist() else {}
        missing = [question for question in questions_of(rows) if question.pair.id not in answers]
        advance(len(ORDERS) * len(rows) - len(missing))

        def write(annotation: Annotation) -> None:
            journal.append(annotation)
            answers[annotation.id] = annotation.answer
            advance(1)

        async def ask_all() -> None:
            async with Server(model.base_url, key, timeout=options.timeout) as server:
                await Engine(server, model, options, None, write).annotate(iter(missing))

        if missing:
            asyncio.run(ask_all())
    judged = {row.id: _both_orders([answers.get(f"{row.id}-{order}", "") for order in ORDERS]) for row in rows}
    return {name: points for name, points in judged.items() if points}


def read_points(answer: str) -> tuple[Points, Points] | None:
    """The points of explanations A and B; None where an answer has none, or others than 1 to 5."""
    found = _OBJECT.search(answer)
    try:
        told = json.loads(found.group()) if found else {}
        points = [{question: told[name][question] for question in QUESTIONS} for name in ("A", "B")]
    except (ValueError, KeyError, TypeError):
        return None
    given = [value for own in points for value in own.values()]
    if not all(isinstance(value, int) and 1 <= value <= 5 for value in given):
        return None
    return points[0], points[1]


def _both_orders(answers: Sequence[str]) -> tuple[Points, Points] | None:
    """The prediction's points and the reference's, means over both orders."""
    first, second = (read_points(answer) for answer in answers)
    if first is None or second is None:
        return None
    own = {question: (first[0][question] + second[1][question]) / 2 for question in QUESTIONS}
    reference = {question: (first[1][question] + second[0][question]) / 2 for question in QUESTIONS}
    return own, reference


@cache
def prompt_hash() -> str:
    """The SHA-256 of the prompt."""
    return hashlib.sha256(_text().encode()).hexdigest()


def _template() -> Template:
    return Template(_text())


@cache
def _text() -> str:
    return (files(__package__) / "judge.md").read_text(encoding="utf-8").strip()
