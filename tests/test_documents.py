"""The documents: their links lead somewhere, the index is complete, the rooms exist, and the examples run."""

import csv
import re
from pathlib import Path

import pytest

from adiff_data import CORPORA, annotate, make_pairs, read_clips, register_corpus
from adiff_data.published_csv import file_name
from adiff_data.tiers import TIERS

CHECKOUT = Path(__file__).parents[1]
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"), CHECKOUT / "data" / "README.md"])
PACKAGES = ("adiff_data", "adiff_model", "pipelines")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text(path: str) -> str:
    return (CHECKOUT / path).read_text(encoding="utf-8")


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = _HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_lead_somewhere(document):
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_has_every_document_and_decision():
    index = text("docs/README.md")
    linked = {(CHECKOUT / "docs" / link).resolve() for link in _LINK.findall(index)}
    assert {path.resolve() for path in (CHECKOUT / "docs").rglob("*.md")} - linked == {CHECKOUT / "docs" / "README.md"}


def test_decisions_are_numbered_in_a_row():
    numbers = [int(path.name[:4]) for path in sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("package", PACKAGES)
def test_the_architecture_has_every_room(package):
    section = text("docs/architecture.md").split(f"\n### {package}\n")[1].split("\n## ")[0].split("\n### ")[0]
    rooms = {path.parent.name for path in (CHECKOUT / package).glob("*/__init__.py")}
    assert rooms
    assert {room for room in rooms if f"`{room}/`" not in section} == set()


def test_the_readme_has_every_folder_with_code():
    tree = text("README.md").split("## Where things are")[1]
    folders = {path.parent.name for package in PACKAGES for path in (CHECKOUT / package).glob("*/__init__.py")}
    assert {folder for folder in (*PACKAGES, *folders) if f"{folder}/ " not in tree} == set()


def test_the_answers_of_the_readme_are_those_of_the_demo():
    quoted = " ".join(text("README.md").replace("\n> ", "\n").split())
    for tier in TIERS:
        with (CHECKOUT / "data" / "DEMO" / file_name("demo", "evaluation", tier)).open(newline="") as table:
            assert next(csv.DictReader(table))["answer"] in quoted


def test_contributing_names_targets_that_exist():
    makefile = text("Makefile")
    targets = re.findall(r"^\| `make ([\w-]+)` \|", text("CONTRIBUTING.md"), re.MULTILINE)
    assert len(targets) > 5
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_the_corpus_of_contributing_works_as_it_stands(tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", text("CONTRIBUTING.md"), re.DOTALL)
    (tmp_path / "train.csv").write_text("file_name,caption\na.wav,Rain falls\nb.wav,A dog barks\nc.wav,Wind blows\n")
    names: dict = {}
    exec(code, names)
    register_corpus(names["CORPUS"])
    try:
        rows = annotate(make_pairs(read_clips("mine", tmp_path, "train")), annotator="rules", tiers=["fewwords"])
        assert [row.filepath1 for row in rows] == [f"Mine/train/{name}.wav" for name in "abc"]
        assert file_name("mine", "train", "detail") == "myd_train_adiff_detail_answer.csv"
    finally:
        del CORPORA["mine"]
