"""Replies that were paid for and are no answers, kept beside the rows as they came."""

import json
from datetime import UTC, datetime
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_data.llm.reply import Reply


class RefusedReplies:
    """The file `{stem}.refused.jsonl` beside the annotations, which is made when the first reply is refused.

    Args:
        annotations: the annotations file; None keeps nothing.

    A line has the `id` of the row that was asked for (of the pair, where all its tiers were), `time` (UTC, ISO 8601),
    `fault`, and of the reply its `text`, `finish_reason`, `refusal`, `tokens_in` and `tokens_out`.
    """

    def __init__(self, annotations: Path | None) -> None:
        self._path = annotations.with_name(f"{annotations.stem}.refused.jsonl") if annotations else None

    def keep(self, asked_for: str, reply: Reply, fault: str) -> None:
        """Appends one reply.

        Raises:
            WorkError: the file cannot be written.
        """
        if self._path is None:
            return
        line = {
            "id": asked_for,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "fault": fault,
            "text": reply.text,
            "finish_reason": reply.finish_reason,
            "refusal": reply.refusal,
            "tokens_in": reply.tokens_in,
            "tokens_out": reply.tokens_out,
        }
        try:
            with self._path.open("a", encoding="ascii") as file:  # escaped, since half a surrogate pair may be in it
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise WorkError(f"cannot be written ({error.strerror})", file=self._path) from error
