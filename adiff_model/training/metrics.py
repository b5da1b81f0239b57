"""The metrics of a training: JSON lines, TensorBoard, and a plot at the end."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from torch.utils.tensorboard import SummaryWriter

from adiff_data.core.drawing import Figure
from adiff_data.core.json_lines import read_intact_objects

METRICS, SAMPLES, CURVE = "metrics.jsonl", "samples.jsonl", "loss.png"
_SMOOTHING_STEPS = 50  # the plotted training loss is a running mean over so many steps


class Metrics:
    """Appends to `metrics.jsonl`, `samples.jsonl` and TensorBoard's files.

    Args:
        first: the first step of this run. Existing lines of this and later steps are from a run that was interrupted
            after its last checkpoint, and are removed.
    """

    def __init__(self, folder: Path, first: int) -> None:
        self._paths = folder / METRICS, folder / SAMPLES
        folder.mkdir(parents=True, exist_ok=True)
        for path in self._paths:
            earlier = [line for line in read_lines(path) if line["step"] < first]
            path.write_text("".join(json.dumps(line) + "\n" for line in earlier), encoding="utf-8")
        self._tensorboard = SummaryWriter(str(folder / "tensorboard"), purge_step=first)

    def put(self, step: int, **values: float) -> None:
        """Appends the numbers of a step."""
        self._append(self._paths[0], {"step": step, **values})
        for name, value in values.items():
            self._tensorboard.add_scalar(name, value, step)

    def put_sample(self, step: int, sample: Mapping[str, str]) -> None:
        """Appends a sample of a step."""
        self._append(self._paths[1], {"step": step, **sample})
        self._tensorboard.add_text("sample", "\n\n".join(f"{name}: {text}" for name, text in sample.items()), step)

    def close(self) -> None:
        """Flushes and closes the files."""
        self._tensorboard.close()

    @staticmethod
    def _append(path: Path, line: Mapping[str, Any]) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a metrics file, without a last one that a kill cut short."""
    return list(read_intact_objects(path)) if path.exists() else []


def plot_loss(lines: list[dict[str, Any]], title: str, path: Path) -> None:
    """Draws the training loss (a running mean) and the validation loss over the steps, as PNG."""
    figure = Figure(figsize=(6.4, 3.6), dpi=120, layout="tight")
    axes = figure.subplots()
    training = pd.Series({line["step"]: line["loss"] for line in lines if "loss" in line}, dtype=float)
    validation = pd.Series(
        {line["step"]: line["validation_loss"] for line in lines if "validation_loss" in line}, dtype=float
    )
    smoothed = training.rolling(_SMOOTHING_STEPS, min_periods=1).mean()
    for curve, label in ((smoothed, f"training (mean of {_SMOOTHING_STEPS} steps)"), (validation, "validation")):
        if not curve.empty:
            axes.plot(curve.index, curve, label=label)
    axes.set(xlabel="step", ylabel="loss", title=title)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path)
