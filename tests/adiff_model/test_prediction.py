"""`predict` as a script calls it: in memory, into a file that is continued, of a loaded split, with progress."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from adiff_data import load_split
from adiff_data.core.errors import AdiffError, InputError, WorkError
from adiff_data.core.progress import Progress
from adiff_data.engines.local import LocalEngine
from adiff_data.published_csv import COLUMNS
from adiff_model import Prediction, predict
from adiff_model.best_of import num_faults
from adiff_model.checkpoints import checkpoint_digest
from adiff_model.prediction import PredictionJob, run_prediction

pytestmark = pytest.mark.slow
ROWS, UNREADABLE = 12, 3  # the row whose first recording is no audio


@pytest.fixture(scope="module")
def folder(tones, tmp_path_factory) -> Path:
    """A built dataset of twelve pairs in two tiers, `CLD`, and its `recordings`."""
    folder = tmp_path_factory.mktemp("predict")
    (folder / "recordings").mkdir()
    (folder / "CLD").mkdir()
    for number in range(ROWS + 1):
        content = Path(tones(f"clip{number}.wav", 200.0 + 20 * number, 0.3)).read_bytes()
        (folder / "recordings" / f"clip{number}.wav").write_bytes(content)
    (folder / "recordings" / "bad.wav").write_bytes(b"no audio")
    for tier, words in (("fewwords", "few words"), ("sentence", "a sentence")):
        lines = [",".join(COLUMNS)]
        for row in range(ROWS):
            first = "bad" if row == UNREADABLE else f"clip{row}"
            paths = f"ClothoV21/evaluation/{first}.wav,ClothoV21/evaluation/clip{row + 1}.wav"
            lines.append(f"clothov21,{paths},one {row},two {row},explain the difference in {words},{tier} {row}")
        (folder / "CLD" / f"cld_evaluation_adiff_{tier}_answer.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def call(folder, converted) -> Callable[..., list[Prediction]]:
    def predict_rows(**changes) -> list[Prediction]:
        options = {"split": "evaluation", "audio_root": folder / "recordings", "checkpoint": converted}
        options |= {"tier": "fewwords", "max_len": 5, "reading_threads": 0}
        return predict(**{"dataset": folder / "CLD", **options, **changes})

    return predict_rows


@pytest.fixture(scope="module")
def in_memory(call) -> list[Prediction]:
    return call()


def test_predictions_in_memory_are_those_of_the_file(call, in_memory, tmp_path):
    out = tmp_path / "predictions.jsonl"
    assert call(out=out) == in_memory
    assert [Prediction.model_validate_json(line) for line in out.read_text().splitlines()] == in_memory
    assert [row.references for row in in_memory] == [(f"fewwords {number}",) for number in range(ROWS)]
    assert {row.tier for row in in_memory} == {"fewwords"}


def test_workers_of_an_engine_write_the_same_file(call, tmp_path):
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    for probe in (None, "silence"):
        call(out=here, tier=None, batch_size=5, probe=probe)
        call(out=there, tier=None, batch_size=5, probe=probe, engine=LocalEngine(workers=2))
    assert there.read_bytes() == here.read_bytes()
    assert (tmp_path / "there.silence.jsonl").read_bytes() == (tmp_path / "here.silence.jsonl").read_bytes()


class EndsAt:
    """Stands in for an engine each of whose workers the system ends where it meets one recording."""

    def __init__(self, poison: str) -> None:
        self._poison = poison

    def map(self, function, items, *, chunk_size=1, lost=None):
        raise NotImplementedError

    def map_batches(self, function, items, *, batch_size, on_gpu, lost):
        assert batch_size > 1
        assert on_gpu
        for item in items:
            yield lost(item) if self._poison in str(item) else function([item])[0]


def test_a_recording_that_ends_each_worker_costs_its_own_rows(call, in_memory):
    rows = call(engine=EndsAt("clip7.wav"))
    lost = [number for number, row in enumerate(rows) if row.fault and "clip7.wav: the system ended" in row.fault]
    assert lost == [6, 7]
    kept = [number for number in range(ROWS) if number not in lost]
    assert [rows[number].prediction for number in kept] == [in_memory[number].prediction for number in kept]


def test_a_row_whose_recording_cannot_be_read_has_a_fault_and_no_answer(in_memory):
    faults = [row.fault for row in in_memory]
    assert [number for number, fault in enumerate(faults) if fault] == [UNREADABLE]
    assert "bad.wav: cannot be read as audio" in faults[UNREADABLE]
    assert in_memory[UNREADABLE].prediction == ""


@pytest.mark.parametrize(
    ("unsafe", "reason"),
    [
        ("../{}", "contains '..'"),
        ("ClothoV21/../../{}", "contains '..'"),
        ("..\\{}", "contains '..'"),
        ("{root}/{}", "is absolute"),
    ],
)
def test_a_recording_outside_the_folder_is_not_read(call, folder, tmp_path, unsafe, reason):
    recordings = shutil.copytree(folder / "recordings", tmp_path / "recordings")
    secret = shutil.copy(recordings / "clip1.wav", tmp_path / "secret.wav")
    path = unsafe.format(secret.name, root=tmp_path)
    request = "explain the difference in few words"
    rows = [f"clothov21,{first},clip2.wav,one,two,{request},x" for first in (path, "clip1.wav")]
    table = tmp_path / "CLD" / "cld_evaluation_adiff_fewwords_answer.csv"
    table.parent.mkdir()
    table.write_text("\n".join([",".join(COLUMNS), *rows, ""]))
    outside, inside = call(dataset=tmp_path / "CLD", audio_root=recordings)
    assert (outside.prediction, inside.fault) == ("", None)
    assert reason in outside.fault


def test_a_file_is_continued_and_its_rows_are_not_predicted_again(call, in_memory, tmp_path, folder, converted):
    out = tmp_path / "predictions.jsonl"
    call(out=out, limit=2)
    reports: list[Progress] = []
    assert call(out=out, progress=reports.append) == in_memory
    predicted = [report for report in reports if report.step == "predict"]
    assert (predicted[0].done, predicted[0].total, predicted[-1].done) == (2, ROWS, ROWS)
    assert "tokens/s" in predicted[-1].note
    job = PredictionJob(folder / "CLD", "evaluation", folder / "recordings", out, None, "fewwords", str(converted))
    with pytest.raises(InputError, match=r"decoding.max_len = 5, not 300"):
        run_prediction(job)


def test_fewer_rows_and_calls_that_fail_lose_nothing(call, in_memory, folder, converted, tmp_path):
    out = tmp_path / "predictions.jsonl"
    for wrong in ({"checkpoint": tmp_path / "typo"}, {"audio_root": tmp_path / "typo"}, {"split": "typo"}):
        with pytest.raises(AdiffError):
            call(out=out, **wrong)
        assert list(tmp_path.iterdir()) == []
    call(out=out)
    before = out.read_bytes()
    assert call(out=out, limit=3) == in_memory[:3]
    for wrong in ({"checkpoint": tmp_path / "typo"}, {"audio_root": tmp_path / "typo"}):
        with pytest.raises(InputError):
            call(out=out, force=True, **wrong)
    assert out.read_bytes() == before


def test_another_model_at_the_same_path_is_another_model(call, converted, tmp_path):
    checkpoint = shutil.copytree(converted, tmp_path / "model")
    out = tmp_path / "predictions.jsonl"
    call(out=out, checkpoint=checkpoint, limit=2)
    before = out.read_bytes()
    weights = load_file(checkpoint / "model.safetensors")
    weights["projection.norm.bias"] = weights["projection.norm.bias"] + 1
    save_file(weights, checkpoint / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match="was made with weights = "):
        call(out=out, checkpoint=checkpoint, limit=4)
    assert out.read_bytes() == before
    moved = call(out=out, checkpoint=converted, limit=3)
    assert [row.id for row in moved][:2] == [json.loads(line)["id"] for line in before.splitlines()]


def test_progress_counts_every_recording_and_row(call):
    reports: list[Progress] = []
    call(limit=4, progress=reports.append)
    assert [(report.step, report.unit) for report in reports if report.done == 0] == [
        ("encode", "clips"),
        ("predict", "rows"),
    ]
    assert [report.done for report in reports if report.step == "encode"] == list(range(len(set("0123b4")) + 1))
    assert [report.done for report in reports if report.step == "predict"] == list(range(5))


def test_a_loaded_split_gives_the_same_and_is_known_again(call, in_memory, folder, tmp_path):
    rows = load_split(folder / "CLD", "cld", "evaluation")
    assert call(dataset=rows, split=None) == in_memory
    out = tmp_path / "predictions.jsonl"
    call(dataset=rows, split=None, out=out, limit=1)
    assert call(dataset=load_split(folder / "CLD", "cld", "test"), split=None, out=out) == in_memory
    with pytest.raises(InputError, match="was made with dataset"):
        call(dataset=rows.select(range(5)), split=None, out=out)
    assert {row.tier for row in call(dataset=rows, tier=None)} == {"fewwords", "sentence"}


def test_a_job_tells_what_is_missing(folder, converted, tmp_path):
    job = PredictionJob(
        folder / "CLD",
        "evaluation",
        folder / "recordings",
        tmp_path / "predictions.jsonl",
        tier="fewwords",
        checkpoint=str(converted),
        limit=UNREADABLE + 1,
        reading_threads=0,
    )
    run = run_prediction(job)
    assert run.summary() == "4 rows, 0 of them from before, 1 without an answer"
    with pytest.raises(WorkError, match="1 row has no answer"):
        run.require_all_answers()
    assert run_prediction(job).resumed == UNREADABLE


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"split": None}, "which split"),
        ({"tier": "poem"}, "no tier 'poem'"),
        ({"dataset": "nobody/nothing"}, "which config"),
        ({"dataset": Path(__file__).parent}, "no built CSV is here"),
        ({"audio_root": "/nowhere"}, "no such folder of recordings"),
        ({"checkpoint": "/nowhere"}, "no such checkpoint"),
    ],
)
def test_a_call_that_cannot_be_answered_is_refused(call, changes, message):
    with pytest.raises(InputError, match=message):
        call(**changes)


def test_the_best_of_several_drawn_answers_is_kept(call, in_memory):
    rows = call(best_of=3, temperature=1.5, max_len=30)
    firsts = call(temperature=1.5, max_len=30)
    heard = [row for row in rows if not row.fault]
    assert len(rows) == len(in_memory)
    assert all(
        num_faults(row, row.prediction) <= num_faults(first, first.prediction)
        for row, first in zip(rows, firsts, strict=True)
    )
    assert {row.candidates for row in heard if num_faults(row, row.prediction)} == {3}
    assert [row.fault for row in rows] == [row.fault for row in in_memory]


def test_a_script_outside_of_the_command_predicts_and_evaluates(folder, converted, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import sys
from adiff_model import evaluate, predict

seen = []
rows = predict({str(folder / "CLD")!r}, split="test", audio_root={str(folder / "recordings")!r}, tier="sentence",
               checkpoint={str(converted)!r}, limit=2, max_len=3, reading_threads=0, progress=seen.append)
scores = evaluate({{"small": rows}}, spice=False, progress=seen.append)
assert not any(name.split(".")[0] in ("pipelines", "typer") for name in sys.modules), "the command was imported"
print(len(rows), *scores["small"], sorted({{report.step for report in seen}}))
"""
    )
    printed = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True, cwd=Path.cwd())
    assert printed.stdout.split("\n")[0] == "2 ('cld', 'sentence') ['encode', 'predict', 'score small, cld sentence']"
    assert printed.stderr == ""


def test_the_settings_beside_a_file_say_what_determines_its_answers(call, folder, converted, tmp_path):
    call(out=tmp_path / "predictions.jsonl", limit=1)
    settings = json.loads((tmp_path / "predictions.run.json").read_text())
    decoding = {"beams": 1, "max_len": 5, "sample": False, "seed": 0, "temperature": 1.0, "top_p": None}
    assert settings.pop("weights") == checkpoint_digest(converted)
    assert settings == {
        "checkpoint": str(converted),
        "config": "cld",
        "dataset": str(folder / "CLD"),
        "decoding": decoding,
        "int8": False,
        "resampler": "soxr",
        "split": "evaluation",
        "tier": "fewwords",
        "window": "start",
    }
