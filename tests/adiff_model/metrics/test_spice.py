"""SPICE: row by row against reference scores, and nothing is scored twice."""

import csv
import math
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_data.engines.local import LocalEngine
from adiff_model.metrics.java import MetricUnavailable, TimeLimitExceeded
from adiff_model.metrics.spice import Spice
from adiff_model.metrics.spice_files import SPICE_FILES, install_from, metrics_folder, missing_files

SHARED = Path(__file__).parents[4] / "shared"
LIB = SHARED / "spice/lib"
PUBLISHED = SHARED / "data/published/CLD/cld_validation_adiff_sentence_answer.csv"
needs_files = pytest.mark.skipif(not LIB.exists(), reason="needs SPICE's files in ../shared/spice/lib")


@pytest.mark.slow
@needs_files
def test_the_first_rows_have_their_reference_scores_which_are_cached(tmp_path):
    with PUBLISHED.open(encoding="utf-8", newline="") as table:
        answers = [row["answer"] for row, _ in zip(csv.DictReader(table), range(4), strict=False)]
    references = [[answer] for answer in answers[:3]]
    advanced: list[int] = []
    spice = Spice(LIB, tmp_path, advanced.append)
    assert spice(answers[1:], references) == pytest.approx([0.19444444, 0.14285714, 0.15873016], abs=1e-8)
    assert sum(advanced) == 3

    class NeverRun(Spice):
        def _run(self, program, rows):
            raise AssertionError(rows)

    again = NeverRun(LIB, tmp_path)([*answers[1:], ""], [*references, ["rain"]])
    assert again == pytest.approx([0.19444444, 0.14285714, 0.15873016, 0.0], abs=1e-8)
    with (tmp_path / "scores.jsonl").open("a") as file:
        file.write('{"cut by a ki')
    assert NeverRun(LIB, tmp_path)(answers[1:], references) == again[:3]


@pytest.mark.slow
@needs_files
@pytest.mark.parametrize("fault", ["a cache that cannot be opened", "a folder that cannot be made"])
def test_without_its_cache_the_scores_are_the_same(fault, tmp_path, caplog, monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Duser.language=de")
    folder = tmp_path / "größe und mehr"
    if fault == "a cache that cannot be opened":
        (folder / "parses").mkdir(parents=True)
        (folder / "parses" / "data.mdb").write_bytes(b"no database")
    else:
        folder.write_text("a file")
    spice = Spice(LIB, folder)
    assert spice(["a dog barks", ""], [["a dog barks"], ["rain"]]) == [1.0, 0.0]
    assert ("It goes on without" in caplog.text) == (fault == "a cache that cannot be opened")
    assert "Picked up" not in caplog.text
    spice._run = lambda *_: pytest.fail("scored twice")
    assert spice.reporting_to(lambda count: None)(["a dog barks"], [["a dog barks"]]) == [1.0]


class InThisProcess:
    """Stands in for an engine's workers, which take seconds to start, where nothing or little is left to do."""

    def map_batches(self, function, items, *, batch_size):
        for start in range(0, len(items), batch_size):
            yield from function(items[start : start + batch_size])


@pytest.mark.slow
@needs_files
def test_workers_of_an_engine_give_the_same_scores_which_are_cached_here(tmp_path):
    advanced: list[int] = []
    rows = ["a dog barks", "a cat and a bird", ""], [["a dog barks"], ["two birds sing"], ["rain"]]
    scores = Spice(LIB, tmp_path / "there", advanced.append, engine=LocalEngine(workers=1))(*rows)
    assert scores == Spice(LIB, tmp_path / "here")(*rows)
    assert sum(advanced) == 3
    assert Spice(LIB, tmp_path / "there", engine=InThisProcess(), time_limit=0)(*rows) == scores


@pytest.mark.slow
@needs_files
def test_a_worker_stops_the_program_at_its_time_limit(tmp_path):
    spice = Spice(LIB, tmp_path, time_limit=0.1, engine=InThisProcess())
    assert math.isnan(spice(["a dog and " * 90], [["a dog"]])[0])


class SlowProgram(Spice):
    """Takes too long for each row that has a long text."""

    def _run(self, program, rows):
        self.runs = [*getattr(self, "runs", []), len(rows)]
        if any("barks and a dog" in text for row in rows.values() for text in (row[0], *row[1])):
            raise TimeLimitExceeded("SPICE took more than 120 s")
        return dict.fromkeys(rows, 0.5)


@needs_files
def test_a_row_that_takes_too_long_costs_itself_alone(tmp_path):
    endless = "and a dog barks " * 70
    short_sentences = "A dog barks. " * 70
    spice = SlowProgram(LIB, tmp_path)
    scores = spice(["a dog", endless, short_sentences, "rain"], [["a cat"], ["a dog"], ["a dog"], ["rain", endless]])
    assert [None if math.isnan(score) else score for score in scores] == [0.5, None, 0.5, None]
    assert spice.runs == [2, 1]  # the last row has the text that took too long before
    assert SlowProgram(LIB, tmp_path)(["a dog"], [["a cat"]]) == [0.5]


@pytest.mark.slow
@needs_files
def test_the_program_is_stopped_at_its_time_limit(tmp_path):
    scores = Spice(LIB, tmp_path, time_limit=0.1)(["a dog and " * 50], [["a dog"]])
    assert math.isnan(scores[0])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MetricUnavailable, match=r"stanford-corenlp-3\.6\.0\.jar: adiff metrics install"):
        Spice(tmp_path, tmp_path)(["a dog"], [["a dog"]])


def test_a_user_without_a_home_folder_has_no_files(monkeypatch):
    for variable in ("HOME", "XDG_CACHE_HOME", "ADIFF_METRICS"):
        monkeypatch.delenv(variable, raising=False)

    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    assert missing_files(metrics_folder()) == list(SPICE_FILES)


@pytest.mark.slow
@needs_files
def test_files_are_copied_from_a_folder_once(tmp_path):
    assert install_from(LIB, tmp_path / "metrics") == list(SPICE_FILES)
    assert missing_files(tmp_path / "metrics") == []
    assert install_from(LIB, tmp_path / "metrics") == []


def test_a_file_with_a_wrong_digest_is_refused(tmp_path):
    for file in SPICE_FILES:
        (tmp_path / file.name).write_bytes(b"not it")
    with pytest.raises(InputError, match="SHA-256 differs"):
        install_from(tmp_path, tmp_path / "metrics")
    assert len(missing_files(tmp_path / "metrics")) == len(SPICE_FILES)


def test_a_folder_without_the_files_is_named(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        install_from(tmp_path, tmp_path / "metrics")
