"""Asking a model for the tiers of a pair: one after the other, or all together first."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from adiff_data.annotation import prompts
from adiff_data.annotation.hearing import Ears, Hearing
from adiff_data.annotation.provenance import provenance_of
from adiff_data.annotation.run_file import further_kinds
from adiff_data.annotation.tasks import Task
from adiff_data.core.errors import InputError
from adiff_data.llm.batch import BatchQuestion
from adiff_data.llm.dialogue import Outcome, Question, Usage
from adiff_data.llm.options import ModelOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.reply import Reply, why_no_answer
from adiff_data.llm.request import Request
from adiff_data.llm.structured import is_unsupported, read_texts
from adiff_data.records import Annotation, annotation_id
from adiff_data.tiers import TIERS

Write = Callable[[Annotation], None]
Refuse = Callable[
    [str, Reply, str], None
]  # takes what was asked for (a row's or a pair's id), its reply and what is wrong
_log = logging.getLogger(__name__)
_UNREADABLE_FROM_THE_START = 3  # so many structured answers without any tier in them: the model cannot write them


class StructuredAnswers:
    """Whether the model answers for several tiers in one request, as the dialogues of a run find out together."""

    def __init__(self) -> None:
        self.work = True
        self._proven = False
        self._unreadable = 0

    def note_reply(self, tiers: int) -> None:
        """A reply came, and so many tiers could be read in it."""
        self._proven = self._proven or tiers > 0
        self._unreadable += 1
        if not self._proven and self._unreadable >= _UNREADABLE_FROM_THE_START:
            self._give_up(f"{self._unreadable} structured answers had no tier in them")

    def note_rejection(self, reason: str) -> None:
        """A request for all tiers was rejected."""
        if is_unsupported(reason):
            self._give_up(f"the server takes no request for structured answers ({reason})")
        else:
            self.note_reply(0)

    def _give_up(self, reason: str) -> None:
        if self.work:
            self.work = False
            _log.warning("%s: from here on, each tier is asked for by itself", reason)


def refuse_nothing(asked_for: str, reply: Reply, fault: str) -> None:
    """Keeps no reply."""


class PairDialogue:
    """The dialogue about one pair (a `Dialogue` of `adiff_data.llm`).

    Each row is written as soon as it is there, so that nothing that was paid for waits for another request.

    Args:
        task: the pair, and the tiers wanted of it.
        model: how it is asked.
        tiers_per_call: `all` asks for all tiers in one structured answer first; what is missing in it, or where the
            server takes no schema, is asked for tier by tier.
        max_attempts: requests for one tier at most.
        price: what tokens cost, where that is known.
        write: takes each finished row.
        refuse: takes each reply that is no answer.
        structured: what the run knows of structured answers.
    """

    def __init__(
        self,
        task: Task,
        model: ModelOptions,
        *,
        tiers_per_call: str,
        max_attempts: int,
        price: Price | None,
        write: Write,
        refuse: Refuse = refuse_nothing,
        structured: StructuredAnswers | None = None,
    ) -> None:
        self._task, self._max_attempts, self._price = task, max_attempts, price
        self._refuse, self._structured = refuse, structured or StructuredAnswers()
        self._may_raise_limit = not model.limit_is_given
        self._write = partial(_write_row, write, task, model, {"tiers_per_call": tiers_per_call})
        self._missing = list(task.tiers)
        self._asks_together = len(task.tiers) > 1 and tiers_per_call == "all"
        self._began: float | None = None
        self._used_together: dict[str, Usage] = {}
        self._question: Question | None = None

    def next_request(self) -> Request | None:
        """For all tiers, or for the first that is missing."""
        if self._asks_together and self._structured.work:
            self._began = self._began or time.monotonic()
            return self._task.request(self._task.tiers)
        self._asks_together = False
        if self._question is None or self._question.finished:
            self._question = self._next_question()
        return self._question.next_request() if self._question else None

    def take_reply(self, reply: Reply) -> None:
        """Writes the rows that it answers, or that it was the last attempt for."""
        if self._asks_together:
            self._take_together(reply)
        elif self._question:
            self._question.take_reply(reply)

    def take_rejection(self, reason: str) -> None:
        """Writes a failed row; a rejected request for all tiers is followed by one for each."""
        if self._asks_together:
            self._structured.note_rejection(reason)
            self._asks_together, self._began = False, None
        elif self._question:
            self._question.take_rejection(reason)

    def _take_together(self, reply: Reply) -> None:
        self._asks_together = False
        usage = Usage(cost=None if self._price is None else 0.0)
        usage.add(reply, self._price)
        self._used_together = dict(zip(self._task.tiers, usage.shares(len(self._task.tiers)), strict=True))
        seconds = round(time.monotonic() - (self._began or 0.0), 3)
        texts = read_texts(reply.text, self._task.tiers)
        self._structured.note_reply(len(texts))
        faults = {tier: why_no_answer(reply, texts.get(tier, "")) for tier in self._task.tiers}
        if any(faults.values()):
            missing = "; ".join(f"{tier}: {fault}" for tier, fault in faults.items() if fault)
            self._refuse(self._task.pair.id, reply, missing)
        for tier, text in texts.items():
            if faults[tier] is None:
                outcome = Outcome(text, None, reply.finish_reason, self._used_together[tier], seconds)
                self._finish(tier, outcome, self._task.tiers)

    def _next_question(self) -> Question | None:
        if not self._missing:
            return None
        tier = self._missing[0]
        return Question(
            self._task.request((tier,)),
            max_attempts=self._max_attempts,
            price=self._price,
            finish=partial(self._finish, tier),
            refuse=partial(self._refuse, annotation_id(self._task.pair.id, tier)),
            may_raise_limit=self._may_raise_limit,
            usage=self._used_together.get(tier),
            began=self._began,
        )

    def _finish(self, tier: str, outcome: Outcome, asked_with: Sequence[str] = ()) -> None:
        self._missing.remove(tier)
        self._write(tier, outcome, asked_with)


def heard_tasks(tasks: Iterator[Task], ears: Ears, model: ModelOptions, write: Write) -> Iterator[Task]:
    """The tasks as they are asked; rows of recordings that cannot be sent are written as failed."""
    for task in tasks:
        try:
            heard = ears.hear(task)
        except InputError as fault:
            for tier in task.tiers:
                _write_row(write, task, model, {}, tier, Outcome("", str(fault), None, Usage(cost=0.0)))
        else:
            yield heard


def batch_questions(
    tasks: Iterator[Task], model: ModelOptions, ears: Ears, write: Write, refuse: Refuse = refuse_nothing
) -> Iterator[BatchQuestion]:
    """The questions that a batch asks: one a row. They hold no recordings: these are heard again when one is needed."""
    for heard in heard_tasks(tasks, ears, model, write):
        task = replace(heard, sent=None)
        for tier in task.tiers:
            yield BatchQuestion(
                id=annotation_id(task.pair.id, tier),
                make_request=partial(_heard_request, ears, task, tier),
                finish=partial(_write_heard_row, write, ears, task, model, tier),
                refuse=partial(refuse, annotation_id(task.pair.id, tier)),
            )


def _heard_request(ears: Ears, task: Task, tier: str) -> Request:
    return ears.hear(task).request((tier,))


def _write_heard_row(write: Write, ears: Ears, task: Task, model: ModelOptions, tier: str, outcome: Outcome) -> None:
    _write_row(write, ears.hear(task), model, {"batch": True}, tier, outcome)


def settings_of(model: ModelOptions, tiers: Sequence[str], hearing: Hearing | None = None) -> dict[str, Any]:
    """What makes one run's answers comparable with another's; never a secret.

    Args:
        tiers: the kinds of answer that are asked for. Those beside the tiers have fingerprints of their own, so that
            they may be asked for later, in the same file.
        hearing: what is heard of the recordings; nothing stands in the settings where the captions are enough.
    """
    hear = hearing.hear if hearing else "captions"
    of_tiers = prompts.prompt_set(tuple(TIERS), hear)
    settings = {
        "annotator": "llm",
        **model.recorded,
        "prompt_version": of_tiers.version,
        "prompt_hash": of_tiers.hash,
        **(hearing.settings if hearing else {}),
    }
    return settings | further_kinds(tiers, lambda kind: prompts.prompt_set((kind,), hear).hash)


def _write_row(
    write: Write,
    task: Task,
    model: ModelOptions,
    way: dict[str, Any],
    tier: str,
    outcome: Outcome,
    asked_with: Sequence[str] = (),
) -> None:
    """Writes a tier's row.

    Args:
        way: how it was asked for, beside the model's parameters.
        asked_with: the tiers that the same request asked for.
    """
    request, templates = model.parameters | way, prompts.prompt_set(asked_with or (tier,), task.hear)
    request |= {"heard": task.sent.recorded} if task.sent else {}
    provenance = provenance_of(outcome, model, request, prompt_version=templates.version, prompt_hash=templates.hash)
    write(task.annotation(tier, outcome.text, provenance))
