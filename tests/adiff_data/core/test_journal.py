"""The annotations file survives any cut, and belongs to one process."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.annotation.tasks import make_annotation
from adiff_data.core.errors import InputError
from adiff_data.core.journal import FileJournal, MemoryJournal
from adiff_data.records import Annotation, Clip, Provenance, make_pair


def annotation(number: int, answer: str = "Audio 1 … 2 ✓") -> Annotation:
    clips = [Clip(corpus="demo", split="s", filepath=f"{number}{side}.wav", captions=("x",)) for side in "ab"]
    pair = make_pair(*clips, "x", "x", strategy="random")
    return make_annotation(pair, "detail", answer, Provenance(annotator="llm", row=number))


WHOLE = b"".join((annotation(number).model_dump_json() + "\n").encode() for number in range(6))


@pytest.mark.slow
@given(st.integers(0, len(WHOLE)))
@settings(max_examples=200, deadline=None)
def test_a_file_cut_anywhere_goes_on_without_loss(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("journal") / "annotations.jsonl"
    path.write_bytes(WHOLE[:cut])
    with FileJournal(path, Annotation) as journal:
        there = {row.id for row in journal.records()}
        for number in range(6):
            if annotation(number).id not in there:
                journal.append(annotation(number))
    assert path.read_bytes() == WHOLE
    lines_written_whole = WHOLE[:cut].count(b"\n")
    assert len(there) in (lines_written_whole, lines_written_whole + 1)


def test_a_line_broken_in_the_middle_is_named_and_nothing_is_thrown_away(tmp_path):
    path = tmp_path / "annotations.jsonl"
    content = WHOLE.replace(b'"tier":"detail"', b'"tier":detail', 1)
    path.write_bytes(content)
    with FileJournal(path, Annotation) as journal, pytest.raises(InputError, match="row 1"):
        list(journal.records())
    assert path.read_bytes() == content


@pytest.mark.slow
def test_a_second_process_is_refused(tmp_path):
    path = tmp_path / "annotations.jsonl"
    other = f"""
from pathlib import Path
from adiff_data.core.journal import FileJournal
from adiff_data.records import Annotation
with FileJournal(Path({str(path)!r}), Annotation): pass
"""
    with FileJournal(path, Annotation):
        second = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert "another process is writing this file" in second.stderr
    assert subprocess.run([sys.executable, "-c", other], check=False).returncode == 0


def test_any_text_is_one_line(tmp_path):
    path = tmp_path / "annotations.jsonl"
    answers = ["line\nbreak", "nul\x00", "\u2028", "\U0001f50a", "=cmd()", "\x1b[31m"]
    with FileJournal(path, Annotation) as journal:
        for number, answer in enumerate(answers):
            journal.append(annotation(number, answer))
    assert [json.loads(line)["answer"] for line in path.read_text("utf-8").split("\n")[:-1]] == answers


def test_the_memory_and_a_file_are_journals_alike(tmp_path):
    for journal in (MemoryJournal(), FileJournal(tmp_path / "annotations.jsonl", Annotation)):
        with journal:
            assert journal.is_empty()
            for number in range(3):
                journal.append(annotation(number))
            assert [row.provenance.row for row in journal.records()] == [0, 1, 2]
            journal.rewrite([annotation(1)])
            journal.append(annotation(2))
            assert [row.provenance.row for row in journal.records()] == [1, 2]
            journal.set_aside()
            assert journal.is_empty()
            assert list(journal.records()) == []
