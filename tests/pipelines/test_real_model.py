"""Real pairs through a real language model: SmolLM2 behind llama.cpp's own server.

It writes poorly; what is tested is the way there and back, not what it says.
"""

import json
from pathlib import Path

import pytest

from adiff_data.core.json_lines import read_records
from adiff_data.llm.reply import NoAnswer
from adiff_data.records import Annotation
from tests.conftest import SHARED

pytestmark = pytest.mark.slow


@pytest.fixture
def some_pairs(adiff, demo_corpus, tmp_path) -> Path:
    """Real pairs of Clotho and AudioCaps where they are; demo pairs otherwise."""
    corpora = [("demo", demo_corpus, "evaluation")]
    captions = SHARED / "data" / "captions"
    if captions.is_dir():
        corpora = [("clotho", captions / "clotho", "evaluation"), ("audiocaps", captions / "audiocaps", "val")]
    lines = []
    for corpus, root, split in corpora:
        part = tmp_path / f"{corpus}.jsonl"
        adiff("pair", corpus, "--root", root, "--split", split, "--limit", 1, "--out", part)
        lines.append(part.read_text(encoding="utf-8"))
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_real_pairs_in_three_tiers(adiff, some_pairs, model_server, tmp_path):
    answers = tmp_path / "annotations.jsonl"
    server = ("--model", "smollm2", "--base-url", model_server, "--timeout", 600)
    call = (*server, "--concurrency", 4, "--max-attempts", 1)
    status, _, err = adiff("annotate", some_pairs, *call, "--out", answers)
    rows = list(read_records(answers, Annotation))
    assert status == (1 if any(row.failed for row in rows) else 0), err
    assert len(rows) == 3 * len(some_pairs.read_text(encoding="utf-8").splitlines())
    assert {row.tier for row in rows} == {"fewwords", "sentence", "detail"}
    for row in rows:
        assert row.provenance.tokens_in > 100
        assert row.provenance.attempts == 1
        assert bool(row.answer) != row.failed
        assert row.provenance.failure in (None, *NoAnswer)
    assert not all(row.failed for row in rows)
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["state"] == "finished"
    assert run["requests"] == len(rows)


def test_three_tiers_in_one_structured_call(adiff, demo_corpus, model_server, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    adiff("pair", "demo", "--root", demo_corpus, "--split", "evaluation", "--limit", 1, "--out", pairs)
    server = ("--model", "smollm2", "--base-url", model_server, "--timeout", 600, "--max-attempts", 1)
    call = (*server, "--tiers-per-call", "all", "--out", answers)
    status, _, err = adiff("annotate", pairs, *call)
    rows = list(read_records(answers, Annotation))
    assert status == (1 if any(row.failed for row in rows) else 0), err
    assert len(rows) == 3
    assert not any(row.answer.startswith("{") for row in rows)
