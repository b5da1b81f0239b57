"""What a judge has answered, and what that cost, in files that outlive the evaluation.

An answer is known by all that it depends on: the question with the explanations in it, the server, the model and its
parameters. Where one of them changes, it is asked anew; what is the same is never paid twice, from whichever file.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from adiff_data.core.journal import FileJournal
from adiff_data.llm import Messages
from adiff_data.llm.account import KeptAccount
from adiff_data.records import Provenance


class JudgeAnswer(BaseModel):
    """A line of the journal: a judge's answer about one explanation in one order.

    Attributes:
        id: as `answer_id` makes it.
        row: the id of the prediction that it was asked about first.
        input: the order.
        answer: the judge's text; empty if there is none that can be read, and `provenance.failure` says why.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    row: str = ""
    input: str
    answer: str
    provenance: Provenance

    @property
    def failed(self) -> bool:
        """Whether there is no answer: it is asked for again."""
        return self.provenance.failure is not None or not self.answer


def answer_id(messages: Messages, settings: Mapping[str, Any]) -> str:
    """What an answer is known by: the SHA-256 of all that it depends on."""
    return hashlib.sha256(json.dumps([messages, settings], sort_keys=True).encode()).hexdigest()


class JudgeMemory:
    """The journal of answers and the account beside it; a context manager that holds both open.

    Args:
        path: the journal; the account is `{stem}.account.json` beside it.
        budget: US dollars that are never exceeded, over all evaluations with this memory; None is no limit.

    Attributes:
        answers: by id, the answers that can be read.
        ledger: the money.

    Raises:
        InputError: one of the files is not what it should be, or another process writes them.
        WorkError: they cannot be written.
    """

    def __init__(self, path: Path, budget: float | None) -> None:
        self._journal = FileJournal(path, JudgeAnswer)
        self._account_path, self._budget = path.with_name(f"{path.stem}.account.json"), budget
        self.answers: dict[str, str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(self._journal)
            self._open()
            opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._account.__exit__(kind, error, trace)
        finally:
            self._journal.__exit__(kind, error, trace)

    def keep(self, answer: JudgeAnswer) -> None:
        """Writes an answer down, or what a failure to get one cost."""
        self._journal.append(answer)
        if not answer.failed:
            self.answers[answer.id] = answer.answer

    def _open(self) -> None:
        cost = 0.0
        for record in self._journal.records():
            cost += record.provenance.cost or 0.0
            if not record.failed:
                self.answers[record.id] = record.answer
        self._account = KeptAccount(self._account_path, self._budget, cost)
        self.ledger = self._account.ledger
