"""One step of a training, on any device of `accelerate`: a CPU, a GPU, several machines.

All randomness follows from the seed and the step, so a killed run resumes as if it had not been interrupted.
"""

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

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
from adiff_model.training.weights import freeze_all_but, set_training_mode

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
    """Trains `model` in place; afterwards it has the weights of the best validation.

    Args:
        advance: called with the number of updates since the last call, and the loss.

    Raises:
        WorkError: the loss is not finite; the last checkpoint is kept.
    """
    if not folder.done:
        _Trainer(accelerator, model, task, settings, folder, seed, advance).run()
    accelerator.wait_for_everyone()
    folder.load_best(model)
    model.eval()


def learning_rate_at(settings: StepSettings, update: int) -> float:
    """The learning rate of an update (from 0): linear warm-up, then cosine decay (Loshchilov and Hutter, 2017)."""
    if update < settings.warmup_steps:
        return settings.learning_rate * (update + 1) / settings.warmup_steps
    progress = (update - settings.warmup_steps) / max(1, settings.steps - settings.warmup_steps)
    cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, progress))
    final_ratio = settings.final_learning_rate_ratio
    return settings.learning_rate * (final_ratio + (1 - final_ratio) * cosine)


class _Trainer:
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
        freeze_all_but(model, settings.trains)
        model.to(accelerator.device)
        task.loss.to(accelerator.device)
        groups = _parameter_groups(task.loss, settings.weight_decay)
        optimizer = torch.optim.AdamW(groups, lr=settings.learning_rate)
        self._progress = folder.resume(task.loss, optimizer)
        self._loss, self._optimizer = accelerator.prepare(task.loss, optimizer)
        self._trained = [parameter for parameter in task.loss.parameters() if parameter.requires_grad]

    def run(self) -> None:
        """Trains until the last update."""
        settings, progress = self._settings, self._progress
        metrics = Metrics(self._folder.folder, progress.step + 1) if self._accelerator.is_main_process else None
        self._advance(progress.step, "")
        while progress.step < settings.steps:
            start = time.monotonic()
            learning_rate = learning_rate_at(settings, progress.step)
            loss, gradient_norm = self._update(learning_rate)
            progress.step += 1
            if metrics:
                seconds = round(time.monotonic() - start, 4)
                metrics.put(progress.step, loss=loss, rate=learning_rate, gradient_norm=gradient_norm, seconds=seconds)
            is_last = progress.step == settings.steps
            if is_last or progress.step % settings.validate_every == 0:
                self._validate(metrics)
            if metrics and (is_last or progress.step % settings.sample_every == 0):
                self._model.eval()
                for sample in self._task.samples(settings.samples) if settings.samples else ():
                    metrics.put_sample(progress.step, sample)
            if self._accelerator.is_main_process and not is_last and progress.step % settings.save_every == 0:
                self._folder.save(self._task.loss, self._optimizer.optimizer, progress)
            self._advance(1, f"loss {loss:.3f}, best validation {progress.best_loss:.3f}")
        if metrics:
            metrics.close()
            plot_loss(read_lines(self._folder.folder / METRICS), settings.name, self._folder.folder / CURVE)
            self._folder.finish(progress)

    def _update(self, learning_rate: float) -> tuple[float, float]:
        """Updates the weights once; returns the loss, and the norm of the gradient before clipping."""
        settings, step, rank = self._settings, self._progress.step, self._accelerator.process_index
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        set_training_mode(self._model, settings.trains)
        torch.manual_seed(hash((self._seed, step, rank)))
        total = 0.0
        for micro_batch in range(settings.gradient_accumulation_steps):
            batch = self._task.batch(settings.batch_size, step, micro_batch, rank)
            loss = self._loss_of(batch)
            self._accelerator.backward(loss / settings.gradient_accumulation_steps)
            total += loss.item() / settings.gradient_accumulation_steps
        gradient_norm = float(self._accelerator.clip_grad_norm_(self._trained, settings.max_grad_norm))
        if not math.isfinite(total) or not math.isfinite(gradient_norm):
            raise WorkError(
                f"step {step + 1} of {settings.name}: the loss is {total}, the norm of the gradient {gradient_norm}",
                file=self._folder.folder,
                mend="the last checkpoint is kept; lower learning_rate, or try precision: no",
            )
        self._optimizer.step()
        self._optimizer.zero_grad()
        return total, gradient_norm

    def _loss_of(self, batch: Batch) -> torch.Tensor:
        with self._accelerator.autocast(), _attention_for(self._accelerator.device):
            return self._loss(*(tensor.to(self._accelerator.device) for tensor in batch))

    def _validate(self, metrics: Metrics | None) -> None:
        settings, progress = self._settings, self._progress
        self._model.eval()
        with torch.inference_mode():
            batches = self._task.validation(settings.batch_size, settings.validate_batches)
            losses = [self._loss_of(batch).item() for batch in batches]
        loss = sum(losses) / len(losses)
        if metrics:
            metrics.put(progress.step, validation_loss=loss)
        if loss < progress.best_loss or not math.isfinite(progress.best_loss):
            progress.best_loss, progress.best_step = loss, progress.step
            if self._accelerator.is_main_process:
                self._folder.save_best(self._model)


def _attention_for(device: torch.device) -> AbstractContextManager[None]:
    """On CPUs, plain matrix products: for answers of a few hundred tokens, their backward pass is faster than that of
    PyTorch's fused attention."""
    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()


def _parameter_groups(loss: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices; none for biases and normalization."""
    trained = [parameter for parameter in loss.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in trained if parameter.dim() > 1], "weight_decay": weight_decay},
        {"params": [parameter for parameter in trained if parameter.dim() <= 1], "weight_decay": 0.0},
    ]
