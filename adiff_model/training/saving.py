"""The state of a step on disk: its best weights, and what it needs to resume after a kill. No pickle is read."""

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
from adiff_model.training.settings import RENAMED_STEP_SETTINGS

BEST = "best.safetensors"
_RESUME, _DONE = "resume", "done.json"
_WEIGHTS, _OPTIMIZER, _PROGRESS = "model.safetensors", "optimizer.pt", "progress.json"


@dataclass
class Progress:
    """The progress of a step.

    Attributes:
        step: the number of updates so far.
        best_step, best_loss: those of the best validation.
    """

    step: int = 0
    best_step: int = 0
    best_loss: float = float("inf")


class StepFolder:
    """The files of one step.

    Args:
        identity: all settings and data that determine the step's result.

    Raises:
        InputError: the folder contains a step with another identity.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        settings_file = folder / "identity.json"
        existing = read_settings(settings_file)
        if existing is not None:
            mend = "`force=True` trains it again, another `out` keeps it"
            require_same_settings(folder, with_current_names(existing), identity, mend=mend)
        settings_file.write_text(json.dumps(identity, indent=2) + "\n", encoding="utf-8")

    @property
    def done(self) -> bool:
        """Whether the step is finished."""
        return (self.folder / _DONE).exists()

    def finish(self, progress: Progress) -> None:
        """Marks the step as finished, and removes what it needed to resume."""
        (self.folder / _DONE).write_text(json.dumps(asdict(progress)), encoding="utf-8")
        shutil.rmtree(self.folder / _RESUME, ignore_errors=True)

    def save(self, model: nn.Module, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
        """Saves what is needed to resume; a kill leaves the previous state or this one."""
        with replace_folder(self.folder / _RESUME, force=True) as output:
            save_model(model, str(output.path / _WEIGHTS))
            torch.save(optimizer.state_dict(), output.path / _OPTIMIZER)
            (output.path / _PROGRESS).write_text(json.dumps(asdict(progress)), encoding="utf-8")

    def resume(self, model: nn.Module, optimizer: torch.optim.Optimizer) -> Progress:
        """Restores the last saved state; a new progress if there is none."""
        saved = self.folder / _RESUME
        restore_folder(saved)
        if not saved.exists():
            return Progress()
        load_model(model, str(saved / _WEIGHTS))
        optimizer.load_state_dict(torch.load(saved / _OPTIMIZER, map_location="cpu", weights_only=True))
        return Progress(**json.loads((saved / _PROGRESS).read_text(encoding="utf-8")))

    def save_best(self, model: nn.Module) -> None:
        """Saves the weights of the best validation."""
        temporary = self.folder / f"{BEST}.part"
        save_model(model, str(temporary))
        temporary.replace(self.folder / BEST)

    def load_best(self, model: nn.Module) -> None:
        """Loads the weights of the best validation."""
        load_model(model, str(self.folder / BEST))


def with_current_names(identity: Mapping[str, Any]) -> dict[str, Any]:
    """An identity with the current names of step settings; a training that began under the old names can be resumed."""
    steps = [
        {RENAMED_STEP_SETTINGS.get(name, name): value for name, value in step.items()}
        for step in identity.get("steps", [])
    ]
    return {**identity, "steps": steps} if steps else dict(identity)
