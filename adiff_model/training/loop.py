"""One step of a training, on whatever `accelerate` finds: a CPU, a GPU, several machines.

All that is left to chance follows from the seed and the step, so a run that was killed goes on as if it had not been.
"""

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from accelerate import Accelerator
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from adiff_data.core.errors import WorkError
from adiff_model.model import AdiffModel
from adiff_model.training.metrics import CURVE, METRICS, Metrics, plot_loss, read_lines
from adiff_model.training.saving import StepFolder
from adiff_model.training.settings import StepSettings
from adiff_model.training.task import Batch, TrainingTask
from adiff_model.training.weights import freeze_but, set_training

Advance = Callable[[int, str], None]


def train_step(
    accelerator: Accelerator,
    model: AdiffModel,
    task: TrainingTask,
    settings: StepSettings,
    folder: StepFolder,
    seed: int,
    advance: Advance = lambda count, note: None,
) -> None:
    """Trains `model` in place; ends with the weights of the best validation.

    Args:
        advance: told how many more steps are done, and the loss.

    Raises:
        WorkError: the loss is no number: what was learnt until then is kept.
    """
    if not folder.done:
        _Step(accelerator, model, task, settings, folder, seed, advance).run()
    accelerator.wait_for_everyone()
    folder.load_best(model)
    model.eval()


def rate_at(settings: StepSettings, step: int) -> float:
    """The learning rate of a step, counted from 0: a linear warm-up, then a cosine (Loshchilov and Hutter, 2017)."""
    if step < settings.warmup:
        return settings.rate * (step + 1) / settings.warmup
    through = (step - settings.warmup) / max(1, settings.steps - settings.warmup)
    cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, through))
    return settings.rate * (settings.final + (1 - settings.final) * cosine)


class _Step:
    def __init__(
        self,
        accelerator: Accelerator,
        model: AdiffModel,
        task: TrainingTask,
        settings: StepSettings,
        folder: StepFolder,
        seed: int,
        advance: Advance,
    ) -> None:
        self._accelerator, self._model, self._task, self._settings = accelerator, model, task, settings
        self._folder, self._seed, self._advance = folder, seed, advance
        freeze_but(model, settings.trains)
        model.to(accelerator.device)
        task.loss.to(accelerator.device)
        optimizer = torch.optim.AdamW(_groups(task.loss, settings.weight_decay), lr=settings.rate)
        self._progress = folder.resume(task.loss, optimizer)
        self._loss, self._optimizer = accelerator.prepare(task.loss, optimizer)
        self._trained = [value for value in task.loss.parameters() if value.requires_grad]

    def run(self) -> None:
        settings, progress = self._settings, self._progress
        metrics = Metrics(self._folder.folder, progress.step + 1) if self._accelerator.is_main_process else None
        self._advance(progress.step, "")
        while progress.step < settings.steps:
            began = time.monotonic()
            rate = rate_at(settings, progress.step)
            loss, norm = self._update(rate)
            progress.step += 1
            if metrics:
                seconds = round(time.monotonic() - began, 4)
                metrics.put(progress.step, loss=loss, rate=rate, gradient_norm=norm, seconds=seconds)
            last = progress.step == settings.steps
            if last or progress.step % settings.validate_every == 0:
                self._validate(metrics)
            if metrics and (last or progress.step % settings.sample_every == 0):
                self._model.eval()
                for sample in self._task.samples(settings.samples):
                    metrics.put_sample(progress.step, sample)
            if self._accelerator.is_main_process and not last and progress.step % settings.save_every == 0:
                self._folder.save(self._task.loss, self._optimizer.optimizer, progress)
            self._advance(1, f"loss {loss:.3f}, best validation {progress.best_loss:.3f}")
        if metrics:
            metrics.close()
            plot_loss(read_lines(self._folder.folder / METRICS), settings.name, self._folder.folder / CURVE)
            self._folder.finish(progress)

    def _update(self, rate: float) -> tuple[float, float]:
        """One update of the weights; the loss and the gradient's norm before it is clipped."""
        settings, step, rank = self._settings, self._progress.step, self._accelerator.process_index
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        set_training(self._model, settings.trains)
        torch.manual_seed(hash((self._seed, step, rank)))
        total = 0.0
        for micro in range(settings.accumulate):
            batch = self._task.batch(settings.batch, step, micro, rank)
            loss = self._loss_of(batch)
            self._accelerator.backward(loss / settings.accumulate)
            total += loss.item() / settings.accumulate
        norm = float(self._accelerator.clip_grad_norm_(self._trained, settings.clip))
        if not math.isfinite(total) or not math.isfinite(norm):
            raise WorkError(
                f"step {step + 1} of {settings.name}: the loss is {total}, the gradient's norm {norm}",
                file=self._folder.folder,
                mend="the last checkpoint stands; lower the rate, or try without half precision",
            )
        self._optimizer.step()
        self._optimizer.zero_grad()
        return total, norm

    def _loss_of(self, batch: Batch) -> torch.Tensor:
        with self._accelerator.autocast(), _attention_of(self._accelerator.device):
            return self._loss(*(part.to(self._accelerator.device) for part in batch))

    def _validate(self, metrics: Metrics | None) -> None:
        settings, progress = self._settings, self._progress
        self._model.eval()
        with torch.inference_mode():
            batches = self._task.validation(settings.batch, settings.validate_batches)
            losses = [self._loss_of(batch).item() for batch in batches]
        loss = sum(losses) / len(losses)
        if metrics:
            metrics.put(progress.step, validation_loss=loss)
        if loss < progress.best_loss or not math.isfinite(progress.best_loss):
            progress.best_loss, progress.best_step = loss, progress.step
            if self._accelerator.is_main_process:
                self._folder.save_best(self._model)


def _attention_of(device: torch.device) -> AbstractContextManager[None]:
    """On CPUs plain products of matrices: for answers of some hundred tokens they are learnt from faster than through
    PyTorch's fused attention."""
    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()


def _groups(loss: nn.Module, weight_decay: float) -> Sequence[dict[str, object]]:
    """Matrices decay; biases and normalizations do not."""
    trained = [value for value in loss.parameters() if value.requires_grad]
    return [
        {"params": [value for value in trained if value.dim() > 1], "weight_decay": weight_decay},
        {"params": [value for value in trained if value.dim() <= 1], "weight_decay": 0.0},
    ]
