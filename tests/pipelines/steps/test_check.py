"""`adiff check` from the command: verdicts, the summary, and failed answers asked again."""

import json
import re
from pathlib import Path

import pytest

from adiff_data.published_csv import read_published
from tests.chat_server import ChatServer
from tests.pipelines.test_command import one_line_error, pair_demo


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def answered(adiff, demo_corpus, tmp_path) -> Path:
    """Annotations of eight demo pairs, by rules."""
    pair_demo(adiff, demo_corpus, tmp_path / "pairs.jsonl", "--limit", 8)
    out = tmp_path / "annotations.jsonl"
    assert adiff("annotate", tmp_path / "pairs.jsonl", "--annotator", "rules", "--out", out)[0] == 0
    return out


def break_row(path: Path, row: int, **fields: str) -> None:
    rows = lines(path)
    rows[row - 1] |= fields
    path.write_text("".join(json.dumps(own) + "\n" for own in rows))


def test_a_verdict_for_every_row_in_order(adiff, answered, tmp_path):
    break_row(answered, 5, answer="I'm sorry, but I can't hear audio.")
    out = tmp_path / "verdicts.jsonl"
    status, printed, _ = adiff("check", answered, "--out", out, "--attribution", "words")
    verdicts = lines(out)
    assert status == 0
    assert [verdict["row"] for verdict in verdicts] == list(range(1, 25))
    assert [verdict["id"] for verdict in verdicts] == [row["id"] for row in lines(answered)]
    assert [verdict["row"] for verdict in verdicts if verdict["verdict"] == "fail"] == [5]
    assert any(reason.startswith("talk: it refuses") for reason in verdicts[4]["reasons"])
    assert "24 rows, 23 passed (95.8%)" in printed
    assert "talk, row 5: it refuses | I'm sorry" in printed


def test_what_did_not_pass_is_not_built(adiff, answered, tmp_path):
    break_row(answered, 4, answer="")
    verdicts, out = tmp_path / "verdicts.jsonl", tmp_path / "DEMO"
    adiff("check", answered, "--out", verdicts, "--attribution", "words")
    status, printed, err = adiff("build", answered, "--verdicts", verdicts, "--out", out)
    assert status == 0
    assert "1 row left out that did not pass" in err
    assert sorted(int(n) for n in re.findall(r"(\d+) rows", printed)) == [7, 8, 8]


def test_rows_without_a_verdict_are_not_built(adiff, answered, tmp_path):
    verdicts = tmp_path / "verdicts.jsonl"
    adiff("check", answered, "--out", verdicts, "--attribution", "words")
    verdicts.write_text("".join(verdicts.read_text().splitlines(keepends=True)[:-2]))
    built = adiff("build", answered, "--verdicts", verdicts, "--out", tmp_path / "DEMO")
    one_line_error(built, "2 rows have no verdict", "check the file again")


@pytest.mark.slow
def test_published_csvs_are_checked_as_they_are(adiff, shared, tmp_path):
    table = shared / "published" / "ACD" / "acd_val_adiff_fewwords_answer.csv"
    out = tmp_path / "verdicts.jsonl"
    status, _, _ = adiff("check", table, "--out", out, "--attribution", "words")
    verdicts = lines(out)
    failed = sum(verdict["verdict"] == "fail" for verdict in verdicts)
    assert status == 0
    assert len(verdicts) == len(list(read_published(table)))
    assert failed <= 0.02 * len(verdicts)
    assert "self-pair: audio 1 and audio 2 are the same recording" in "".join(
        reason for verdict in verdicts for reason in verdict["reasons"]
    )


def test_verdicts_of_other_rows_are_kept_unless_forced(adiff, answered, tmp_path):
    out = tmp_path / "verdicts.jsonl"
    call = ("check", answered, "--out", out, "--attribution", "words")
    adiff(*call)
    break_row(answered, 1, answer="")
    again = adiff(*call)
    assert again[0] == 2
    assert "--force" in again[2]
    assert adiff(*call, "--force")[0] == 0


ANSWER = "Audio 1 holds {one}, and audio 2 on the other hand holds {two}, which is another thing."


def of_pair(asked) -> str:
    """A good few-words answer, from the captions in the request; a refusal until it was told of one."""
    request = asked.body["messages"][-1]["content"]
    one, two = re.findall(r"<audio number=.\d.>(.*?)\.?</audio>", request)
    if "number 3" in one and "turned down" not in request:
        return "Based on the captions, audio 1 holds one thing, and audio 2 on the other hand holds another."
    return ANSWER.format(one=one, two=two)


@pytest.fixture
def asked_of_a_model(adiff, tmp_path, monkeypatch):
    """Four pairs annotated by a server, one of them badly; yields the server and the file."""
    from tests.adiff_data.annotation.conftest import write_pairs

    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    write_pairs(tmp_path / "pairs.jsonl", 4)
    text = (tmp_path / "pairs.jsonl").read_text().replace("Sound ", "A low and distant sound of the number ")
    (tmp_path / "pairs.jsonl").write_text(text)
    out = tmp_path / "annotations.jsonl"
    with ChatServer(of_pair) as server:
        call = ("annotate", tmp_path / "pairs.jsonl", "--out", out, "--tiers", "fewwords")
        assert adiff(*call, "--base-url", server.url, "--model", "m")[0] == 0
        yield server, out


def test_fix_asks_failed_rows_again_and_tells_why(adiff, asked_of_a_model, tmp_path):
    server, out = asked_of_a_model
    before = len(server.requests)
    status, printed, _ = adiff("check", out, "--out", tmp_path / "verdicts.jsonl", "--attribution", "words", "--fix")
    assert status == 0
    assert len(server.requests) == before + 1
    told = server.requests[-1]["messages"][-1]["content"]
    assert "turned down: it speaks of its sources" in told
    assert "1 answers asked again: 3 rows passed before, 4 do now" in printed
    assert {verdict["verdict"] for verdict in lines(tmp_path / "verdicts.jsonl")} == {"pass"}
    assert len(lines(out)) == 4
    assert "Based on the captions" in (tmp_path / "annotations.turned_down.jsonl").read_text()


def test_a_fix_that_was_cut_off_goes_on_with_the_reason(adiff, asked_of_a_model, tmp_path):
    server, out = asked_of_a_model
    from adiff_data.annotation.journal import turn_down

    bad = next(row["id"] for row in lines(out) if "captions" in row["answer"])
    turn_down(out, {bad: "it speaks of captions"})
    call = ("annotate", tmp_path / "pairs.jsonl", "--out", out, "--tiers", "fewwords", "--retry-failed")
    assert adiff(*call, "--base-url", server.url, "--model", "m")[0] == 0
    assert "it speaks of captions" in server.requests[-1]["messages"][-1]["content"]
    assert json.loads((tmp_path / "run.json").read_text())["faults"] == {}


@pytest.mark.parametrize(
    ("setting", "value", "word"), [("facts", 1, "--audio-root"), ("prompt_hash", "x", "prompt_hash")]
)
def test_a_fix_that_cannot_go_on_turns_nothing_down(adiff, asked_of_a_model, tmp_path, setting, value, word):
    _, out = asked_of_a_model
    run = json.loads((tmp_path / "run.json").read_text())
    run["settings"][setting] = value
    (tmp_path / "run.json").write_text(json.dumps(run))
    before = out.read_bytes()
    status, _, err = adiff("check", out, "--out", tmp_path / "verdicts.jsonl", "--attribution", "words", "--fix")
    assert status == 2
    assert word in err
    assert out.read_bytes() == before


def test_rows_of_the_rules_are_not_asked_again(adiff, answered, tmp_path):
    break_row(answered, 5, answer="")
    before = answered.read_bytes()
    call = ("check", answered, "--out", tmp_path / "verdicts.jsonl", "--attribution", "words", "--fix")
    status, _, err = adiff(*call)
    assert status == 2
    assert "written by rules" in err
    assert answered.read_bytes() == before


def test_a_published_csv_cannot_be_fixed(adiff, answered, tmp_path):
    adiff("build", answered, "--out", tmp_path / "DEMO")
    table = tmp_path / "DEMO" / "demo_evaluation_adiff_fewwords_answer.csv"
    text = table.read_text().splitlines(keepends=True)
    table.write_text("".join([*text[:-1], text[-1].rsplit(",", 1)[0] + ",\n"]))
    status, _, err = adiff("check", table, "--out", tmp_path / "v.jsonl", "--attribution", "words", "--fix")
    assert status == 2
    assert "annotations.jsonl that annotating wrote" in err
