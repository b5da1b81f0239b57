"""Planted systems: each is caught by its own probe, and passes the others."""

from collections.abc import Callable

import pytest

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_model.evaluation.evaluate import evaluate
from adiff_model.evaluation.probe_scores import (
    COMPARISONS_MIRRORED,
    EVENTS_MIRRORED,
    FALSE_DIFFERENCES,
    PROBE_METRICS,
    kept_metric,
)
from adiff_model.evaluation.scores_frame import scores_frame
from adiff_model.metrics.text_scores import NoScore
from adiff_model.prediction_file import Prediction, Task
from adiff_model.probes import PROBES, Heard, heard_pairs, probe_file

pytestmark = pytest.mark.slow

SOUNDS = ("a dog barking", "heavy rain", "a wailing siren", "a church bell", "a crying baby", "a rattling train")
PATHS = [f"Demo/evaluation/{number}.wav" for number in range(len(SOUNDS))]
SOUND_OF = dict(zip(PATHS, SOUNDS, strict=True))
LEVEL_OF = {path: number for number, path in enumerate(PATHS)}
Answer = Callable[[Task, Heard, Heard], str]


def sentence(first: str, second: str, louder: int) -> str:
    return f"Audio 1 has {SOUND_OF[first]}, while audio 2 has {SOUND_OF[second]}; audio {louder} is louder."


def louder_of(first: str, second: str) -> int:
    return 1 if LEVEL_OF[first] > LEVEL_OF[second] else 2


def perfect(task: Task, first: Heard, second: Heard) -> str:
    if first.substitute:
        return "Nothing can be made out."
    if first == second:
        return "They sound the same."
    return sentence(first.filepath, second.filepath, louder_of(first.filepath, second.filepath))


def copies_the_captions(task: Task, first: Heard, second: Heard) -> str:
    return sentence(task.filepath1, task.filepath2, louder_of(task.filepath1, task.filepath2))


def deaf(task: Task, first: Heard, second: Heard) -> str:
    return "Audio 1 has music, while audio 2 has heavy rain; audio 2 is louder."


def prefers_the_first(task: Task, first: Heard, second: Heard) -> str:
    answer = perfect(task, first, second)
    return answer.replace("audio 2 is louder", "audio 1 is louder")


def always_louder(task: Task, first: Heard, second: Heard) -> str:
    return "Audio 2 is louder." if first == second else perfect(task, first, second)


def generic(task: Task, first: Heard, second: Heard) -> str:
    return "These recordings differ in what can be heard."


SYSTEMS: dict[str, Answer] = {
    "perfect": perfect,
    "copies the captions": copies_the_captions,
    "deaf": deaf,
    "prefers the first": prefers_the_first,
    "always louder": always_louder,
    "generic": generic,
}


def tasks() -> list[Task]:
    pairs = [(first, second) for first in PATHS for second in PATHS if first != second]
    return [
        Task(
            id=f"{number}-sentence",
            filepath1=first,
            filepath2=second,
            tier="sentence",
            prompt="explain the difference in one extended sentence",
            references=(sentence(first, second, louder_of(first, second)),),
            caption1=SOUND_OF[first],
            caption2=SOUND_OF[second],
        )
        for number, (first, second) in enumerate(pairs)
    ]


def predictions_of(answer: Answer, probe=None) -> list[Prediction]:
    heard = heard_pairs(tasks(), probe, tasks())
    return [
        Prediction(**task.model_dump(), prediction=answer(task, *pair))
        for task, pair in zip(tasks(), heard, strict=True)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Every system's answers, as they are and under each probe."""
    folder = tmp_path_factory.mktemp("planted")
    for name, answer in SYSTEMS.items():
        path = folder / f"{name}.jsonl"
        write_records(path, predictions_of(answer))
        for probe in PROBES:
            write_records(probe_file(path, probe), predictions_of(answer, probe))
    return folder


@pytest.fixture(scope="module")
def scores(folder):
    files = {name: folder / f"{name}.jsonl" for name in SYSTEMS}
    return evaluate(files, out=folder / "report", spice=False, fense=False, browse=3)


def value(scores, system: str, metric: str) -> float:
    score = scores[system]["demo", "sentence"].scores[metric]
    assert not isinstance(score, NoScore), score
    return score.value


@pytest.mark.parametrize(
    ("system", "comparisons", "events"),
    [
        ("perfect", 1.0, 1.0),
        ("copies the captions", 0.0, 0.0),
        ("deaf", 0.0, 0.0),
        ("prefers the first", 0.0, 1.0),
        ("always louder", 1.0, 1.0),
    ],
)
def test_who_listens_turns_round_what_was_exchanged(scores, system, comparisons, events):
    assert value(scores, system, COMPARISONS_MIRRORED) == comparisons
    assert value(scores, system, EVENTS_MIRRORED) == pytest.approx(events, abs=0.05)


@pytest.mark.parametrize(
    ("system", "rate"),
    [
        ("perfect", 0.0),
        ("copies the captions", 1.0),
        ("deaf", 1.0),
        ("prefers the first", 0.0),
        ("always louder", 1.0),
        ("generic", 1.0),
    ],
)
def test_who_listens_tells_no_difference_of_a_file_from_itself(scores, system, rate):
    assert value(scores, system, FALSE_DIFFERENCES) == rate


@pytest.mark.parametrize("probe", ["silence", "noise"])
def test_who_listens_keeps_little_of_its_score_without_the_audio(scores, probe):
    metric = kept_metric("METEOR", probe)
    for system in ("copies the captions", "deaf", "generic"):
        assert value(scores, system, metric) == pytest.approx(1.0)
    for system in ("perfect", "prefers the first", "always louder"):
        assert value(scores, system, metric) < 0.2


def test_with_other_audio_the_scaffolding_of_a_right_answer_is_left(scores):
    """What n-grams give to a sentence about other sounds: why a share of 0 is not to be had."""
    assert value(scores, "copies the captions", kept_metric("METEOR", "other")) == pytest.approx(1.0)
    assert 0.2 < value(scores, "perfect", kept_metric("METEOR", "other")) < 0.9


def test_who_claims_nothing_has_no_claim_to_mirror(scores):
    score = scores["generic"]["demo", "sentence"].scores[COMPARISONS_MIRRORED]
    assert score == NoScore("no answer makes such a claim")


def test_scores_of_probes_have_intervals_and_stand_in_all_that_is_written(scores, folder):
    frame = scores_frame(scores)
    assert set(PROBE_METRICS) <= set(frame["metric"])
    kept = frame[(frame["system"] == "perfect") & (frame["metric"] == kept_metric("METEOR", "other"))].iloc[0]
    assert kept["low"] < kept["score"] < kept["high"]
    report = folder / "report"
    assert "comparisons mirrored" in (report / "summary.md").read_text()
    assert "METEOR kept in silence" in (report / "scores.md").read_text()
    page = (report / "report.html").read_text()
    assert "Does it listen?" in page
    assert "a false difference" in page


def test_without_probes_nothing_is_said_of_them(tmp_path):
    write_records(tmp_path / "perfect.jsonl", predictions_of(perfect))
    scores = evaluate(tmp_path / "perfect.jsonl", out=tmp_path / "report", spice=False, fense=False)
    assert not set(PROBE_METRICS) & set(scores["perfect"]["demo", "sentence"].scores)
    assert "Does it listen?" not in (tmp_path / "report" / "report.html").read_text()


def test_a_system_that_was_not_probed_has_a_reason_in_place_of_scores(folder, tmp_path):
    write_records(tmp_path / "quiet.jsonl", predictions_of(generic))
    scores = evaluate([folder / "perfect.jsonl", tmp_path / "quiet.jsonl"], spice=False, fense=False)
    reasons = {scores["quiet"]["demo", "sentence"].scores[metric].reason for metric in PROBE_METRICS}
    assert reasons == {"not asked under this probe"}


def test_a_probe_of_other_rows_is_refused(folder, tmp_path):
    path = tmp_path / "perfect.jsonl"
    write_records(path, predictions_of(perfect))
    write_records(probe_file(path, "swap"), predictions_of(perfect, "swap")[:3])
    with pytest.raises(InputError, match="perfect and perfect, swap do not answer the same rows"):
        evaluate(path, spice=False, fense=False)
