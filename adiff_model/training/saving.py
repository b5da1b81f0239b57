"""Where a step stands: its best weights, and all that it needs to go on after a kill. No pickle is read."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_model, save_model
from torch import nn

from adiff_data.core.files import replace_folder, restore_folder
from adiff_data.core.settings import read_settings, require_same_settings

_RESUME, _BEST, _DONE = "resume", "best.safetensors", "done.json"
_WEIGHTS, _OPTIMIZER, _PROGRESS = "model.safetensors", "optimizer.pt", "progress.json"


@dataclass
class Progress:
    """How far a step is.

    Attributes:
        step: updates that are done.
        best_step, best_loss: of the best validation.
    """

    step: int = 0
    best_step: int = 0
    best_loss: float = float("inf")


class StepFolder:
    """The files of one step.

    Args:
        identity: what determines the step's result; another one's files are refused.

    Raises:
        InputError: the folder holds a step of another identity.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        settings_file = folder / "identity.json"
        kept = read_settings(settings_file)
        if kept is not None:
            mend = "--force trains it anew, another out keeps it"
            require_same_settings(folder, kept, identity, mend=mend)
        settings_file.write_text(json.dumps(identity, indent=2) + "\n", encoding="utf-8")

    @property
    def done(self) -> bool:
        """Whether the step has ended."""
        return (self.folder / _DONE).exists()

    def finish(self, progress: Progress) -> None:
        """Marks the step as ended; what it would go on from is removed."""
        (self.folder / _DONE).write_text(json.dumps(asdict(progress)), encoding="utf-8")
        shutil.rmtree(self.folder / _RESUME, ignore_errors=True)

    def save(self, model: nn.Module, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
        """Keeps what is needed to go on; a kill leaves the one before it, or this."""
        with replace_folder(self.folder / _RESUME, force=True) as output:
            save_model(model, str(output.path / _WEIGHTS))
            torch.save(optimizer.state_dict(), output.path / _OPTIMIZER)
            (output.path / _PROGRESS).write_text(json.dumps(asdict(progress)), encoding="utf-8")

    def resume(self, model: nn.Module, optimizer: torch.optim.Optimizer) -> Progress:
        """Takes up where `save` was called last; a new progress where it never was."""
        saved = self.folder / _RESUME
        restore_folder(saved)
        if not saved.exists():
            return Progress()
        load_model(model, str(saved / _WEIGHTS))
        optimizer.load_state_dict(torch.load(saved / _OPTIMIZER, map_location="cpu", weights_only=True))
        return Progress(**json.loads((saved / _PROGRESS).read_text(encoding="utf-8")))

    def save_best(self, model: nn.Module) -> None:
        """Keeps the weights of the best validation."""
        temporary = self.folder / f"{_BEST}.part"
        save_model(model, str(temporary))
        temporary.replace(self.folder / _BEST)

    def load_best(self, model: nn.Module) -> None:
        """Takes the weights of the best validation."""
        load_model(model, str(self.folder / _BEST))
