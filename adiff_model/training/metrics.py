"""A training's metrics: JSON lines, TensorBoard, and a plot at the end."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
from torch.utils.tensorboard import SummaryWriter

matplotlib.use("Agg")
from matplotlib import pyplot

METRICS, SAMPLES, CURVE = "metrics.jsonl", "samples.jsonl", "loss.png"
_SMOOTHED = 50  # steps that the drawn training loss is a mean of


class Metrics:
    """Appends to `metrics.jsonl`, `samples.jsonl` and TensorBoard's files.

    Args:
        first: the step from which on lines are new: what stands there of it or behind it is from a run that was
            stopped after its last checkpoint, and is taken out.
    """

    def __init__(self, folder: Path, first: int) -> None:
        self._paths = folder / METRICS, folder / SAMPLES
        folder.mkdir(parents=True, exist_ok=True)
        for path in self._paths:
            kept = [line for line in read_lines(path) if line["step"] < first]
            path.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
        self._board = SummaryWriter(str(folder / "tensorboard"), purge_step=first)

    def put(self, step: int, **values: float) -> None:
        """Numbers of a step."""
        self._append(self._paths[0], {"step": step, **values})
        for name, value in values.items():
            self._board.add_scalar(name, value, step)

    def put_sample(self, step: int, sample: Mapping[str, str]) -> None:
        """A text of a step."""
        self._append(self._paths[1], {"step": step, **sample})
        self._board.add_text("sample", "\n\n".join(f"{name}: {text}" for name, text in sample.items()), step)

    def close(self) -> None:
        """Writes what is not written yet."""
        self._board.close()

    @staticmethod
    def _append(path: Path, line: Mapping[str, Any]) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a metrics file; a last one that a kill cut is left out."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def plot_loss(lines: list[dict[str, Any]], title: str, path: Path) -> None:
    """Draws the training loss (a running mean) and the validation loss over the steps, as PNG."""
    figure, axes = pyplot.subplots(figsize=(6.4, 3.6), dpi=120)
    trained = [(line["step"], line["loss"]) for line in lines if "loss" in line]
    means = [
        (step, sum(loss for _, loss in trained[max(0, place - _SMOOTHED + 1) : place + 1]) / min(place + 1, _SMOOTHED))
        for place, (step, _) in enumerate(trained)
    ]
    validated = [(line["step"], line["validation_loss"]) for line in lines if "validation_loss" in line]
    for points, label in ((means, f"training (mean of {_SMOOTHED} steps)"), (validated, "validation")):
        if points:
            axes.plot(*zip(*points, strict=True), label=label)
    axes.set(xlabel="step", ylabel="loss", title=title)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
