"""`evaluate` as a script calls it: predictions in memory or in files, scores returned and written."""

import json

import pytest

from adiff_data.core.errors import InputError
from adiff_data.core.progress import Progress
from adiff_model import evaluate
from adiff_model.metrics.text_scores import METRICS, NoScore, Score
from tests.predictions import write_predictions

pytestmark = pytest.mark.slow


def answered_by(predictions, text: str):
    return [row.model_copy(update={"prediction": text}) for row in predictions]


def test_predictions_in_memory_are_scored_and_nothing_is_written(predictions, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scores = evaluate({"rules": predictions, "none": answered_by(predictions, "Rain.")}, spice=False)
    assert list(scores) == ["rules", "none"]
    assert list(scores["rules"]) == [("demo", "fewwords"), ("demo", "sentence")]
    metrics = scores["rules"]["demo", "fewwords"].scores
    assert set(METRICS) <= metrics.keys()
    assert isinstance(metrics["BLEU-4"], Score)
    assert metrics["BLEU-4"].value == pytest.approx(1.0, abs=1e-6)
    assert scores["none"]["demo", "fewwords"].scores["ROUGE-L"].value < 0.5
    assert metrics["SPICE"] == NoScore("left out, as asked")
    assert list(tmp_path.iterdir()) == []


def test_with_a_folder_the_same_scores_are_written_beside_a_report(predictions, demo_corpus, tmp_path):
    reports: list[Progress] = []
    given = {"rules": write_predictions(tmp_path / "rules.jsonl", predictions)}
    out = tmp_path / "report"
    scores = evaluate(given, out=out, audio_root=demo_corpus, spice=False, browse=1, progress=reports.append)
    written = json.loads((out / "scores.json").read_text())
    by_metric = {(line["tier"], line["metric"]): line for line in written}
    for tier in ("fewwords", "sentence"):
        meteor = scores["rules"]["demo", tier].scores["METEOR"]
        assert by_metric[tier, "METEOR"]["score"] == meteor.value
    assert by_metric["fewwords", "right side"]["score"] == 1.0
    names = {path.name for path in out.iterdir()}
    assert names >= {"report.html", "summary.md", "scores.md", "leaderboard.csv", "facts.jsonl"}
    steps = list(dict.fromkeys(report.step for report in reports))
    assert steps == ["measure", "score rules, demo fewwords", "score rules, demo sentence", "recordings"]
    assert reports[-1].done == reports[-1].total


def test_why_no_comparison_was_held_against_the_recordings_is_said_as_it_is(predictions, demo_corpus):
    """Whoever named the folder of recordings is not told to name one."""
    systems = {"rain": answered_by(predictions[:1], "Rain.")}
    for audio_root, reason in (
        (None, "no comparison was measured: no folder of recordings was named"),
        (demo_corpus, "no answer makes a comparison of what was measured"),
    ):
        scores = evaluate(systems, audio_root=audio_root, spice=False, fense=False)["rain"]["demo", "fewwords"].scores
        assert scores["contradicted"] == NoScore(reason)


def test_one_file_or_several_are_named_by_their_files(predictions, tmp_path):
    one = write_predictions(tmp_path / "one.jsonl", predictions)
    other = write_predictions(tmp_path / "other.jsonl", answered_by(predictions, "Rain."))
    assert list(evaluate(one, spice=False)) == ["one"]
    assert list(evaluate([str(one), f"theirs={other}"], spice=False)) == ["one", "theirs"]
    with pytest.raises(InputError, match="two systems are called 'one'"):
        evaluate([one, f"one={other}"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"references": ()}, "ours, row 1: no reference"),
        ({"tier": "poem"}, "ours, row 1: no tier 'poem'"),
    ],
)
def test_rows_in_memory_that_cannot_be_evaluated_are_named(predictions, change, message):
    with pytest.raises(InputError, match=message):
        evaluate({"ours": [predictions[0].model_copy(update=change)]})


def test_no_rows_and_missing_folders_are_refused(predictions, tmp_path):
    with pytest.raises(InputError, match="ours: holds no prediction"):
        evaluate({"ours": []})
    with pytest.raises(InputError, match="no such folder of recordings"):
        evaluate({"ours": predictions}, audio_root=tmp_path / "nowhere")


def test_the_log_says_how_many_predictions_are_empty(predictions, caplog):
    evaluate({"ours": [predictions[0].model_copy(update={"prediction": ""})]}, spice=False)
    assert "ours: 1 row has no prediction" in caplog.text
