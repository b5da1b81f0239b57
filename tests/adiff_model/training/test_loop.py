"""One step of a training: it learns, resumes after a kill as if there had been none, and stops if the loss is NaN."""

import json
from itertools import pairwise

import pytest
import torch
from accelerate import Accelerator

from adiff_data.core.errors import InputError, WorkError
from adiff_model.encoding import encode_clips
from adiff_model.model import AdiffModel
from adiff_model.training.events_task import EventsTask
from adiff_model.training.examples import Examples
from adiff_model.training.explain_task import EncodeAndExplainTask, ExplainTask
from adiff_model.training.language_task import LanguageTask
from adiff_model.training.loop import learning_rate_at, train_step
from adiff_model.training.metrics import METRICS, read_lines
from adiff_model.training.saving import StepFolder
from adiff_model.training.settings import SHARES, Augmentation, StepSettings
from adiff_model.training.spectrograms import Spectrograms

pytestmark = pytest.mark.slow

ALL = ("encoder", "event_head", "projection", "mappers", "cross_projection", "language_model")


def settings(**changes) -> StepSettings:
    fields = {
        "name": "finetune",
        "task": "explain",
        "trains": ALL,
        "steps": 30,
        "batch_size": 4,
        "learning_rate": 3e-3,
        "warmup_steps": 5,
        "validate_every": 10,
        "save_every": 10,
        "sample_every": 15,
        "samples": 1,
    }
    return StepSettings(**{**fields, **changes})


def task_of(model: AdiffModel, processor, rows) -> EncodeAndExplainTask:
    examples = Examples(rows, SHARES, 0)
    return EncodeAndExplainTask(model, processor, examples, examples, Spectrograms(model.config), masking=True)


def losses(folder: StepFolder) -> list[float]:
    return [line["loss"] for line in read_lines(folder.folder / METRICS) if "loss" in line]


class Killed(Exception):
    pass


def test_thirty_steps_learn_and_leave_all_that_a_person_wants_to_see(small, processor, rows, folder):
    place = StepFolder(folder, {"seed": "a"})
    train_step(Accelerator(), small, task_of(small, processor, rows), settings(), place, seed=0)
    found = losses(place)
    assert len(found) == 30
    assert sum(found[-5:]) < 0.8 * sum(found[:5])
    assert {path.name for path in folder.iterdir()} >= {
        "metrics.jsonl", "samples.jsonl", "loss.png", "tensorboard", "best.safetensors", "done.json"
    }  # fmt: skip
    samples = read_lines(folder / "samples.jsonl")
    assert {line["step"] for line in samples} == {15, 30}
    assert {line["prompt"] for line in samples} >= {"caption the second audio", "explain the difference in detail"}
    assert not small.training


@pytest.mark.parametrize("stopped_at", [10, 17])
def test_a_killed_run_goes_on_to_the_same_losses_and_weights(processor, rows, folder, stopped_at):
    def trained(place: StepFolder, kill_at: int | None = None) -> AdiffModel:
        torch.manual_seed(0)
        model = AdiffModel(processor.config)
        done = 0

        def advance(count: int, note: str) -> None:
            nonlocal done
            done += count
            if done == kill_at:
                raise Killed

        train_step(Accelerator(), model, task_of(model, processor, rows), settings(), place, 0, advance)
        return model

    whole, stopped = StepFolder(folder / "whole", {"seed": "a"}), StepFolder(folder / "stopped", {"seed": "a"})
    never = trained(whole)
    with pytest.raises(Killed):
        trained(stopped, kill_at=stopped_at)
    again = trained(stopped)
    assert losses(stopped) == pytest.approx(losses(whole), rel=1e-5)
    assert [line["step"] for line in read_lines(stopped.folder / METRICS)] == [
        line["step"] for line in read_lines(whole.folder / METRICS)
    ]
    for (name, value), other in zip(never.state_dict().items(), again.state_dict().values(), strict=True):
        assert torch.allclose(value, other, atol=1e-6), name


def test_the_weights_that_are_kept_are_those_of_the_best_validation(small, processor, rows, folder):
    class Worsening(EncodeAndExplainTask):
        """Validates ever worse: what is kept is the first."""

        def validation(self, batch_size, max_batches):
            self.asked = getattr(self, "asked", 0) + 1
            self.kept = self.kept if self.asked > 1 else {k: v.clone() for k, v in small.state_dict().items()}
            batch = list(super().validation(batch_size, 1)[0])
            if self.asked > 1:
                batch[4] = torch.where(batch[4] >= 0, torch.full_like(batch[4], 3), batch[4])
            return [batch]

    examples = Examples(rows, SHARES, 0)
    task = Worsening(small, processor, examples, examples, Spectrograms(small.config))
    train_step(Accelerator(), small, task, settings(), StepFolder(folder, {"seed": "a"}), seed=0)
    assert json.loads((folder / "done.json").read_text())["best_step"] == 10
    for name, value in small.state_dict().items():
        assert torch.equal(value, task.kept[name]), name


def test_a_loss_that_is_no_number_stops_the_training_and_keeps_the_last_checkpoint(small, processor, rows, folder):
    class Breaking(EncodeAndExplainTask):
        def batch(self, batch_size, *position):
            batch = list(super().batch(batch_size, *position))
            return (batch[0] * float("nan"), *batch[1:]) if position[0] == 12 else batch

    examples = Examples(rows, SHARES, 0)
    task = Breaking(small, processor, examples, examples, Spectrograms(small.config))
    with pytest.raises(WorkError, match="step 13 of finetune: the loss is nan"):
        train_step(Accelerator(), small, task, settings(), StepFolder(folder, {"seed": "a"}), seed=0)
    assert json.loads((folder / "resume" / "progress.json").read_text())["step"] == 10


def test_the_encoder_learns_events(small, labelled, folder):
    step = settings(task="events", name="encoder", trains=("encoder", "event_head"), learning_rate=1e-2)
    augmentation = Augmentation(vary=True, mixing=0.3, spec_augment=True)
    task = EventsTask(small, labelled, labelled, Spectrograms(small.config), augmentation, 0)
    place = StepFolder(folder, {"seed": "a"})
    train_step(Accelerator(), small, task, step, place, seed=0)
    assert losses(place)[-1] < 0.5 * losses(place)[0]
    assert read_lines(folder / "samples.jsonl")[0]["there"] == "Siren"


def test_the_language_model_learns_the_answers(small, processor, rows, folder):
    examples = Examples(rows, SHARES, 0)
    task = LanguageTask(small, processor, examples, examples)
    step = settings(task="language", name="language", trains=("language_model",))
    train_step(Accelerator(), small, task, step, StepFolder(folder, {"seed": "a"}), seed=0)
    assert losses(StepFolder(folder, {"seed": "a"}))[-1] < 0.8 * losses(StepFolder(folder, {"seed": "a"}))[0]


def test_accumulated_batches_are_one_update(small, processor, rows, recordings, folder):
    encoded = encode_clips(small, recordings.values())
    examples = Examples(rows, SHARES, 0)
    embeddings = {path: clip.embedding for path, clip in encoded.items()}
    task = ExplainTask(small, processor, examples, examples, embeddings)
    step = settings(
        name="ground", trains=("projection", "mappers"), gradient_accumulation_steps=3, steps=4, validate_every=4
    )
    train_step(Accelerator(gradient_accumulation_steps=1), small, task, step, StepFolder(folder, {"seed": "a"}), seed=0)
    assert len(losses(StepFolder(folder, {"seed": "a"}))) == 4


def test_a_step_that_was_trained_otherwise_is_refused(folder):
    StepFolder(folder, {"seed": "a"})
    with pytest.raises(InputError, match="`force=True`"):
        StepFolder(folder, {"seed": "b"})


def test_the_learning_rate_rises_and_falls():
    schedule = settings(steps=100, warmup_steps=10, learning_rate=1.0, final_learning_rate_ratio=0.1)
    rates = [learning_rate_at(schedule, step) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == rates[10] == max(rates) == 1.0
    assert rates[100] == pytest.approx(0.1)
    assert all(rate >= following for rate, following in pairwise(rates[10:]))
