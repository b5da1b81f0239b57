"""Predictions as a file, for the tests of evaluation."""

from collections.abc import Iterable
from pathlib import Path

from adiff_model.prediction_file import Prediction


def write_predictions(path: Path, rows: Iterable[Prediction]) -> Path:
    """Writes them; returns the path."""
    path.write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    return path
