"""What comes of a review: edits are taken, rejections left out, and the original is kept."""

import csv
from pathlib import Path

import pytest

from adiff_data.annotation.tasks import make_annotation
from adiff_data.checks.verdicts import Verdict
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_data.dataset.building import build
from adiff_data.dataset.loading import load_split
from adiff_data.publishing.publish import publish
from adiff_data.records import Annotation, Clip, Provenance, make_pair
from adiff_data.reviews.events import Event
from adiff_data.reviews.store import ReviewStore

ANSWER = "Audio 1 has rain on a roof, while audio 2 has a dog that barks twice."
EDITED = "Audio 1 has rain on a tin roof, while audio 2 has a dog that barks three times."


def row(number: int) -> Annotation:
    first, second = (
        Clip(corpus="clotho", split="evaluation", filepath=f"ClothoV21/evaluation/{name}{number}.wav", captions=("x",))
        for name in "ab"
    )
    pair = make_pair(first, second, "Rain falls.", "A dog barks.", strategy="random", similarity=0.25)
    return make_annotation(pair, "fewwords", ANSWER, Provenance(annotator="llm", model="a-model", row=number))


@pytest.fixture
def folder(tmp_path) -> Path:
    """Five rows. Anna accepts the first, edits the second, rejects the third and accepts the fourth, which failed; Ben
    says the same of the first, and rejects the fourth; Cleo decides that it stays. Nobody heard the fifth."""
    work, rows = tmp_path / "CLD" / "work" / "evaluation", [row(number) for number in range(5)]
    write_records(work / "annotations.jsonl", rows)
    verdicts = [
        Verdict(row=number, id=each.id, verdict="fail" if number == 4 else "pass", reasons=("form: x",) * (number == 4))
        for number, each in enumerate(rows, start=1)
    ]
    write_records(work / "verdicts.jsonl", verdicts)
    said = [
        ("anna", 0, "accept"), ("ben", 0, "accept"), ("anna", 1, "edit"), ("ben", 1, "edit"), ("anna", 2, "reject"),
        ("ben", 2, "reject"), ("anna", 3, "accept"), ("ben", 3, "reject"), ("cleo", 3, "accept"),
    ]  # fmt: skip
    with ReviewStore.create(work / "reviews.sqlite", [(each.id, each.answer) for each in rows], people=2) as store:
        for name, index, action in said:
            edit = {"answer": EDITED, "passed": True} if action == "edit" else {}
            store.add(Event(time=0, reviewer=name, row=rows[index].id, action=action, **edit))
    return tmp_path / "CLD"


def build_it(folder: Path, **options: object) -> list[str]:
    work = folder / "work" / "evaluation"
    [built] = build(work / "annotations.jsonl", folder, verdicts=work / "verdicts.jsonl", **options)
    with built.path.open(newline="", encoding="utf-8") as file:
        return [fields["answer"] for fields in csv.DictReader(file)]


def test_edits_are_taken_and_rejections_left_out(folder, caplog):
    assert build_it(folder, reviews=folder / "work" / "evaluation" / "reviews.sqlite") == [
        ANSWER,
        EDITED,
        ANSWER,
        ANSWER,
    ]
    assert "1 row left out that people rejected" in caplog.text


def test_what_people_let_stand_counts_more_than_its_checks(folder):
    assert len(build_it(folder)) == 4  # without the review the fourth row is out, since it failed its checks
    assert len(build_it(folder, reviews=folder / "work" / "evaluation" / "reviews.sqlite", force=True)) == 4


def test_a_review_of_other_answers_is_refused(folder):
    other = [row(number).model_copy(update={"answer": "Quite another answer."}) for number in range(5)]
    with pytest.raises(InputError, match="was reviewed with another answer"):
        build(other, folder, reviews=folder / "work" / "evaluation" / "reviews.sqlite")


@pytest.mark.slow
def test_published_rows_say_whether_people_let_them_stand(folder, tmp_path):
    build_it(folder, reviews=folder / "work" / "evaluation" / "reviews.sqlite")
    publish(folder, to=tmp_path / "published")
    first, edited, disputed, unheard = load_split(tmp_path / "published", "cld", "test")
    assert (first["verified"], first["edited"], first["reviewers"], first["original_answer"]) == (True, False, 2, None)
    assert (edited["edited"], edited["answer"], edited["original_answer"]) == (True, EDITED, ANSWER)
    assert edited["provenance"]["model"] == "a-model"
    assert (disputed["reviewers"], round(disputed["agreement"], 2)) == (3, 0.67)
    assert (unheard["verified"], unheard["reviewers"], unheard["agreement"]) == (False, 0, None)
    assert load_split(folder, "cld", "evaluation")[1]["original_answer"] == ANSWER


@pytest.mark.slow
def test_the_card_tells_of_the_review_and_of_nobody_by_name(folder, tmp_path):
    build_it(folder, reviews=folder / "work" / "evaluation" / "reviews.sqlite")
    publish(folder, to=tmp_path / "published")
    card = (tmp_path / "published" / "README.md").read_text(encoding="utf-8")
    assert "| `cld` | 3 | 1 | 2 (2 rows), 3 (1 rows) | 0.69 | 1 |" in card
    published = b"".join(path.read_bytes() for path in (tmp_path / "published").rglob("*") if path.is_file())
    assert not any(name in published for name in (b"anna", b"cleo"))


def test_what_people_rejected_or_edited_is_not_published_as_it_was(folder, tmp_path):
    build_it(folder)
    with pytest.raises(InputError, match="the answer is the one before people edited it; build with"):
        publish(folder, to=tmp_path / "published")
