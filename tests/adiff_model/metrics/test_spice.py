"""SPICE: row by row against reference scores, and nothing is scored twice."""

import csv
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_model.metrics.java import MetricUnavailable
from adiff_model.metrics.spice import Spice
from adiff_model.metrics.spice_files import SPICE_FILES, install_from, missing_files

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


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MetricUnavailable, match=r"stanford-corenlp-3\.6\.0\.jar: adiff metrics install"):
        Spice(tmp_path, tmp_path)(["a dog"], [["a dog"]])


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
