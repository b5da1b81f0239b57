"""Where a step stands: its best weights, and all that it needs to go on after a kill. No pickle is read."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_model, save_model
from torch import nn

from adiff_data.core.errors import InputError
from adiff_data.core.files import folder_beside

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

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        stamp = folder / "identity.json"
        if stamp.exists() and stamp.read_text(encoding="utf-8") != identity:
            raise InputError(
                "was trained by another recipe or from other data",
                file=folder,
                mend="--force trains it anew, another out keeps it",
            )
        stamp.write_text(identity, encoding="utf-8")

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
        place = self.folder / _RESUME
        with folder_beside(place) as temporary:
            save_model(model, str(temporary / _WEIGHTS))
            torch.save(optimizer.state_dict(), temporary / _OPTIMIZER)
            (temporary / _PROGRESS).write_text(json.dumps(asdict(progress)), encoding="utf-8")
            old = self.folder / f"{_RESUME}.old"
            if place.exists():
                place.rename(old)
            temporary.rename(place)
            shutil.rmtree(old, ignore_errors=True)

    def resume(self, model: nn.Module, optimizer: torch.optim.Optimizer) -> Progress:
        """Takes up where `save` was called last; a new progress where it never was."""
        place = next(
            (self.folder / name for name in (_RESUME, f"{_RESUME}.old") if (self.folder / name).exists()), None
        )
        if place is None:
            return Progress()
        load_model(model, str(place / _WEIGHTS))
        optimizer.load_state_dict(torch.load(place / _OPTIMIZER, map_location="cpu", weights_only=True))
        return Progress(**json.loads((place / _PROGRESS).read_text(encoding="utf-8")))

    def save_best(self, model: nn.Module) -> None:
        """Keeps the weights of the best validation."""
        temporary = self.folder / f"{_BEST}.part"
        save_model(model, str(temporary))
        temporary.replace(self.folder / _BEST)

    def load_best(self, model: nn.Module) -> None:
        """Takes the weights of the best validation."""
        load_model(model, str(self.folder / _BEST))
