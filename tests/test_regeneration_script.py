"""A dataset made again by a script: the one of the README, as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data import (
    AdiffError,
    InputError,
    WorkError,
    annotate,
    build,
    check,
    from_frame,
    load_split,
    make_pairs,
    measure,
    publish,
    read_clips,
    to_frame,
)
from adiff_data.annotation import rules
from adiff_data.checks import checking
from adiff_data.records import Clip, make_pair
from tests.chat_server import Asked, ChatServer

CLIP = Clip(corpus="demo", split="evaluation", filepath="Demo/evaluation/a.wav", captions=("a sound",))
SCRIPT = """\
from adiff_data import read_clips, make_pairs, measure, annotate, check, build, publish, load_split

clips = read_clips("clotho", "captions/clotho", "evaluation")
pairs = make_pairs(clips, strategy="random", seed=0)
facts = measure(pairs, audio_root="recordings")                       # optional
rows = annotate(pairs, model="my-model", base_url="http://localhost:8000/v1", out="annotations.jsonl", facts=facts)
report = check(rows)
build(rows, "data/CLD", verdicts=report)
publish(["data/CLD"], to="published")
"""


TIER_ASKED = {"fewwords": "in few words", "sentence": "one extended sentence", "detail": "in detail"}


def as_a_good_model(asked: Asked) -> str:
    """Answers by the rules, from the captions that the request tells."""
    question = asked.body["messages"][-1]["content"]
    captions = re.findall(r"<audio number=.\d.>(.*?)</audio>", question)
    tier = next(name for name, words in TIER_ASKED.items() if words in question)
    return rules.answer(make_pair(CLIP, CLIP, *captions, strategy="random"), tier)


def adapted(script: str, replacements: dict[str, str]) -> str:
    """The script with other names and addresses, and nothing else."""
    for old, new in replacements.items():
        assert old in script
        script = script.replace(old, new)
    return script


def test_the_readme_has_the_script():
    """But for the spaces before its comment."""
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert re.sub(" +", " ", SCRIPT.strip()) in re.sub(" +", " ", readme)


def test_it_takes_one_import_and_seven_calls():
    lines = [line for line in SCRIPT.splitlines() if line]
    assert sum("import" in line for line in lines) == 1
    assert len(lines) == 8


def on_the_demo(corpus: Path, server: ChatServer) -> str:
    """The script, with the demo's names and the addresses of here."""
    return adapted(
        SCRIPT,
        {
            '"clotho", "captions/clotho"': f'"demo", "{corpus}"',
            '"recordings"': f'"{corpus}"',
            "http://localhost:8000/v1": server.url,
            "data/CLD": "data/DEMO",
        },
    )


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """An empty folder to be in, for somebody with no key and without the extra `embeddings`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(checking, "embeddings_installed", lambda: False)
    return tmp_path


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder but those of the recordings."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_script_runs_on_the_demo_corpus(demo_corpus, elsewhere):
    names: dict = {}
    with ChatServer(as_a_good_model) as server:
        exec(on_the_demo(demo_corpus, server), names)
    assert len(names["rows"]) == 3 * len(names["pairs"]) == len(server.requests)
    assert "audio 2: " in server.requests[0]["messages"][-1]["content"]
    assert names["rows"][0].provenance.facts
    passed = names["report"].passed
    assert passed > 0.9 * len(names["rows"])
    assert load_split("data/DEMO", "demo", "evaluation").num_rows == passed
    assert load_split("published", "demo", "test").num_rows == passed
    assert {path.name for path in elsewhere.iterdir()} == {
        "annotations.jsonl",
        "annotations.jsonl.lock",
        "run.json",
        "data",
        "published",
    }


@pytest.mark.slow
def test_the_script_goes_on_where_it_was_cut(demo_corpus, elsewhere):
    """Rows that are there are not asked again, and the dataset is the same to the byte."""
    with ChatServer(as_a_good_model) as server:
        script = on_the_demo(demo_corpus, server)
        exec(script, {})
        before = files_of(elsewhere / "data") | files_of(elsewhere / "published")
        exec(script, {})
        assert len(server.requests) == 105
        rows = Path("annotations.jsonl").read_bytes().splitlines(keepends=True)
        Path("annotations.jsonl").write_bytes(b"".join(rows[:60]) + rows[60][:40])
        exec(script, {})
        assert len(server.requests) == 105 + 45
    assert files_of(elsewhere / "data") | files_of(elsewhere / "published") == before


@pytest.mark.slow
def test_the_script_runs_as_a_file_of_its_own(demo_corpus, tmp_path):
    """With every extra, and where Python starts worker processes as it does since 3.14: by running the file again."""
    later = tmp_path / "later"
    later.mkdir()
    (later / "sitecustomize.py").write_text("import multiprocessing\nmultiprocessing.set_start_method('forkserver')\n")
    path = f"{later}{os.pathsep}{Path(__file__).parents[1]}"
    environment = {**os.environ, "PYTHONPATH": path}
    environment.pop("OPENAI_API_KEY", None)
    with ChatServer(as_a_good_model) as server:
        (tmp_path / "again.py").write_text(on_the_demo(demo_corpus, server))
        call = [sys.executable, "again.py"]
        done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(server.requests) == 105
    assert load_split(tmp_path / "published", "demo", "test").num_rows > 90


@pytest.mark.slow
def test_the_script_runs_on_clothos_captions_without_a_model_or_recordings(shared, elsewhere):
    script = adapted(
        SCRIPT,
        {
            '"captions/clotho"': f'"{shared / "captions" / "clotho"}"',
            'facts = measure(pairs, audio_root="recordings")                       # optional\n': "",
            "seed=0": "seed=0, limit=200",
            'model="my-model", base_url="http://localhost:8000/v1"': 'annotator="rules"',
            ", facts=facts": "",
        },
    )
    names: dict = {}
    exec(script, names)
    assert len(names["rows"]) == 600
    assert names["report"].passed >= 580
    assert load_split("data/CLD", "cld", "evaluation").num_rows == names["report"].passed
    assert load_split("published", "cld", "test").num_rows == names["report"].passed


@pytest.mark.slow
def test_the_script_runs_in_a_notebook(demo_corpus, tmp_path, monkeypatch):
    """A line a cell, where an event loop is running already."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ChatServer(as_a_good_model) as server:
        script = adapted(
            on_the_demo(demo_corpus, server),
            {
                'audio_root="': 'progress=told.append, audio_root="',
                "facts=facts)": "facts=facts, progress=told.append)",
                "check(rows)": "check(rows, attribution='words', progress=told.append)",
            },
        )
        cells = [
            "import asyncio; loop = asyncio.get_running_loop(); told = []",
            *filter(None, script.splitlines()),
            "print(*{each.step: f'{each.step} {each.done}/{each.total}' for each in told}.values(), sep='\\n')",
            "print(load_split('data/DEMO', 'demo', 'evaluation').num_rows == report.passed, loop.is_running())",
        ]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        client = nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
        )
        client.execute()
    steps, loaded = ("".join(output["text"] for output in cell.outputs) for cell in notebook.cells[-2:])
    assert steps.splitlines() == ["measure 7/7", "annotate 105/105", "check 105/105"]
    assert loaded == "True True\n"


def test_in_memory_nothing_is_left_on_disk(demo_corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = annotate(make_pairs(read_clips("demo", demo_corpus, "evaluation")), annotator="rules")
    assert rows[0].answer == rules.answer(make_pairs(read_clips("demo", demo_corpus, "evaluation"))[0], "fewwords")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_cut_goes_on(demo_corpus, tmp_path):
    pairs, out = make_pairs(read_clips("demo", demo_corpus, "evaluation")), tmp_path / "annotations.jsonl"
    annotate(pairs, annotator="rules", out=out, tiers=["detail"])
    first = out.read_bytes()
    rows = annotate(pairs, annotator="rules", out=out)
    assert out.read_bytes().startswith(first)
    assert len(rows) == 3 * len(pairs)
    assert [row.tier for row in rows[:3]] == ["fewwords", "sentence", "detail"]


def test_rows_go_through_pandas(demo_corpus, tmp_path):
    """A notebook looks at pairs and rows as frames, chooses, and goes on with what it chose."""
    frame = to_frame(make_pairs(read_clips("demo", demo_corpus, "evaluation"), limit=12))
    rows = annotate(from_frame(frame[frame["caption1"].str.len() > 20]), annotator="rules")
    assert from_frame(to_frame(rows)) == rows
    frame = to_frame(rows)
    short = from_frame(frame[frame["tier"] == "fewwords"])
    (table,) = build(short, tmp_path / "DEMO", verdicts=check(short, attribution="words"))
    assert table.rows == len(short) == len(rows) // 3
    assert load_split(tmp_path / "DEMO", "demo", "evaluation")["answer"][:] == [row.answer for row in short]


@pytest.mark.slow
def test_errors_are_of_one_family(demo_corpus, tmp_path, clips):
    for call in (
        lambda: read_clips("demo", tmp_path, "evaluation"),
        lambda: measure([], tmp_path / "none"),
        lambda: annotate([], annotator="rules"),
        lambda: annotate([], annotator="oracle"),
        lambda: check(tmp_path / "none.jsonl"),
        lambda: build([], tmp_path / "DEMO"),
        lambda: publish([tmp_path / "DEMO"], to=tmp_path / "published"),
        lambda: load_split(tmp_path / "DEMO", "demo", "evaluation"),
    ):
        with pytest.raises(AdiffError):
            call()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="no corpus"):
        read_clips("novel", demo_corpus)
    with pytest.raises(InputError, match="several splits"):
        read_clips("demo", demo_corpus)
    first, second = clips(1, 1)
    pair = make_pair(first, second, "rain", "wind", strategy="random")
    with pytest.raises(WorkError, match="no answer for"):
        annotate([pair], model="m", base_url="http://localhost:9/v1", api_key="none", patience=1)


def test_importing_it_costs_nothing_heavy():
    script = "import sys, adiff_data; print(sorted({'torch', 'datasets', 'librosa', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
