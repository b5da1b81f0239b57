"""Which steps of a recipe are up to date: same settings, same content in, same content out."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from adiff_data.core.files import replace_file
from adiff_data.core.progress import LineCallback


class Stamps:
    """The stamps of a recipe's steps, kept in one JSON file in its work folder.

    Args:
        report: told of each step that is up to date.
    """

    def __init__(self, path: Path, report: LineCallback) -> None:
        self._path, self._report = path, report
        self._stamps: dict[str, Any] = {}
        if path.exists():
            try:
                self._stamps = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                self._stamps = {}  # a broken file says nothing: every step is done again

    def current(self, step: str, settings: Any, inputs: Iterable[Path], outputs: Sequence[Path]) -> bool:
        """Whether the step was done with these settings on these inputs, and its outputs are as it left them."""
        stamp = self._stamps.get(step)
        if stamp is None or not all(path.exists() for path in outputs):
            return False
        return stamp == _stamp(settings, inputs, outputs)

    def has(self, step: str) -> bool:
        """Whether the step has ended before, whatever it was made of."""
        return step in self._stamps

    def made(self, step: str, outputs: Iterable[Path]) -> bool:
        """Whether the outputs that are there are as the step left them, so that nothing of anybody else is lost."""
        left = self._stamps.get(step, {}).get("outputs", {})
        return all(left.get(_name(path)) == _digest(path) for path in outputs if path.exists())

    def put(self, step: str, settings: Any, inputs: Iterable[Path], outputs: Iterable[Path]) -> None:
        """Keeps that the step was done."""
        self._stamps[step] = _stamp(settings, inputs, outputs)
        with replace_file(self._path, force=True) as output:
            output.text.write(json.dumps(self._stamps, indent=2, sort_keys=True) + "\n")

    def unless_current(
        self,
        step: str,
        settings: dict[str, Any],
        inputs: Sequence[Path],
        outputs: Sequence[Path],
        make: Callable[[], None],
    ) -> None:
        """Does a step that is not current, and keeps that it was done."""
        if self.current(step, settings, inputs, outputs):
            return self._report(f"{step}: up to date")
        make()
        return self.put(step, settings, inputs, outputs)


def _stamp(settings: Any, inputs: Iterable[Path], outputs: Iterable[Path]) -> dict[str, Any]:
    return {
        "settings": json.loads(json.dumps(settings)),
        "inputs": {_name(path): _digest(path) for path in inputs},
        "outputs": {_name(path): _digest(path) for path in outputs},
    }


def _name(path: Path) -> str:
    """The file in its folder: every split has an annotations.jsonl, and the whole dataset may be moved."""
    return "/".join(path.parts[-2:])


def _digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
