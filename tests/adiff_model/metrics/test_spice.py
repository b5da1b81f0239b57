"""SPICE by its own program: row by row against reference scores, and nothing is scored twice."""

import csv
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_model.metrics.java import MetricMissing
from adiff_model.metrics.spice import Spice
from adiff_model.metrics.spice_parts import PARTS, install_from, missing_parts

SHARED = Path(__file__).parents[4] / "shared"
LIB = SHARED / "spice/lib"
PUBLISHED = SHARED / "data/published/CLD/cld_validation_adiff_sentence_answer.csv"
needs_parts = pytest.mark.skipif(not LIB.exists(), reason="needs SPICE's parts in ../shared/spice/lib")


@pytest.mark.slow
@needs_parts
def test_the_first_rows_have_their_reference_scores_and_are_kept(tmp_path):
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


def test_a_missing_part_is_named(tmp_path):
    with pytest.raises(MetricMissing, match=r"stanford-corenlp-3\.6\.0\.jar: adiff metrics install"):
        Spice(tmp_path, tmp_path)(["a dog"], [["a dog"]])


@needs_parts
def test_parts_are_taken_from_a_folder_once(tmp_path):
    assert install_from(LIB, tmp_path / "parts") == list(PARTS)
    assert missing_parts(tmp_path / "parts") == []
    assert install_from(LIB, tmp_path / "parts") == []


def test_another_file_under_a_parts_name_is_refused(tmp_path):
    for part in PARTS:
        (tmp_path / part.name).write_bytes(b"not it")
    with pytest.raises(InputError, match="SHA-256 is another"):
        install_from(tmp_path, tmp_path / "parts")
    assert len(missing_parts(tmp_path / "parts")) == len(PARTS)


def test_a_folder_without_the_parts_is_told(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        install_from(tmp_path, tmp_path / "parts")
