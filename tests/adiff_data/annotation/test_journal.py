"""The annotations file survives any cut, and belongs to one process."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.annotation.journal import Journal
from adiff_data.annotation.questions import make_annotation
from adiff_data.core.errors import InputError
from adiff_data.records import Annotation, Clip, Provenance, make_pair


def annotation(number: int, answer: str = "Audio 1 … 2 ✓") -> Annotation:
    clips = [Clip(corpus="demo", split="s", filepath=f"{number}{side}.wav", captions=("x",)) for side in "ab"]
    pair = make_pair(*clips, "x", "x", strategy="random")
    return make_annotation(pair, "detail", answer, Provenance(annotator="llm", row=number))


WHOLE = b"".join((annotation(number).model_dump_json() + "\n").encode() for number in range(6))


@given(st.integers(0, len(WHOLE)))
@settings(max_examples=200, deadline=None)
def test_a_file_cut_anywhere_goes_on_without_loss(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("journal") / "annotations.jsonl"
    path.write_bytes(WHOLE[:cut])
    with Journal(path) as journal:
        there = {row.id for row in journal.rows()}
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
    with Journal(path) as journal, pytest.raises(InputError, match="row 1"):
        list(journal.rows())
    assert path.read_bytes() == content


def test_a_second_process_is_refused(tmp_path):
    path = tmp_path / "annotations.jsonl"
    other = f"""
from pathlib import Path
from adiff_data.annotation.journal import Journal
with Journal(Path({str(path)!r})): pass
"""
    with Journal(path):
        second = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert "another process is writing this file" in second.stderr
    assert subprocess.run([sys.executable, "-c", other], check=False).returncode == 0


def test_any_text_is_one_line(tmp_path):
    path = tmp_path / "annotations.jsonl"
    answers = ["line\nbreak", "nul\x00", "\u2028", "\U0001f50a", "=cmd()", "\x1b[31m"]
    with Journal(path) as journal:
        for number, answer in enumerate(answers):
            journal.append(annotation(number, answer))
    assert [json.loads(line)["answer"] for line in path.read_text("utf-8").split("\n")[:-1]] == answers
