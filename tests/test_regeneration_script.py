"""A dataset made again by a script: the one of the README, as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data import InputError, WorkError, annotate, from_frame, load_split, make_pairs, read_clips, to_frame
from adiff_data.annotation import rules
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


def test_the_script_runs_on_the_demo_corpus(demo_corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ChatServer(as_a_good_model) as server:
        script = adapted(
            SCRIPT,
            {
                '"clotho", "captions/clotho"': f'"demo", "{demo_corpus}"',
                '"recordings"': f'"{demo_corpus}"',
                "http://localhost:8000/v1": server.url,
                "rows = annotate(pairs,": "rows = annotate(pairs, api_key='none',",
                "check(rows)": "check(rows, attribution='words')",
                "data/CLD": "data/DEMO",
            },
        )
        names: dict = {}
        exec(script, names)
    assert len(names["rows"]) == 3 * len(names["pairs"]) == len(server.requests)
    assert names["rows"][0].provenance.facts
    passed = names["report"].passed
    assert passed > 0.9 * len(names["rows"])
    assert load_split("data/DEMO", "demo", "evaluation").num_rows == passed
    assert load_split("published", "demo", "test").num_rows == passed
    assert {path.name for path in tmp_path.iterdir()} >= {"annotations.jsonl", "run.json", "data", "published"}


def test_the_script_runs_on_clothos_captions_without_a_model_or_recordings(shared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = adapted(
        SCRIPT,
        {
            '"captions/clotho"': f'"{shared / "captions" / "clotho"}"',
            'facts = measure(pairs, audio_root="recordings")                       # optional\n': "",
            "seed=0": "seed=0, limit=60",
            'model="my-model", base_url="http://localhost:8000/v1"': 'annotator="rules"',
            ", facts=facts": "",
            "check(rows)": "check(rows, attribution='words')",
        },
    )
    names: dict = {}
    exec(script, names)
    assert len(names["rows"]) == 180
    assert names["report"].passed >= 175
    assert load_split("data/CLD", "cld", "evaluation").num_rows == names["report"].passed
    assert load_split("published", "cld", "test").num_rows == names["report"].passed


@pytest.mark.slow
def test_the_script_runs_in_a_notebook(demo_corpus, tmp_path):
    """There an event loop is running already."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    with ChatServer() as server:
        cells = [
            "from adiff_data import annotate, make_pairs, read_clips",
            f"pairs = make_pairs(read_clips('demo', {str(demo_corpus)!r}, 'evaluation'))",
            "steps = []",
            f"rows = annotate(pairs, model='m', base_url={server.url!r}, api_key='none', progress=steps.append)",
            "print(len(rows), steps[-1].done, steps[-1].total)",
        ]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(tmp_path))
    (output,) = notebook.cells[-1].outputs
    assert output["text"].split() == ["105", "105", "105"]
    assert list(tmp_path.iterdir()) == []


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


def test_rows_go_through_pandas(demo_corpus):
    pairs = make_pairs(read_clips("demo", demo_corpus, "evaluation"), limit=4)
    frame = to_frame(pairs)
    frame = frame[frame["caption1"] != frame["caption2"]]
    rows = annotate(from_frame(frame), annotator="rules")
    assert from_frame(to_frame(rows)) == rows
    assert set(to_frame(rows)["tier"]) == {"fewwords", "sentence", "detail"}


def test_errors_are_of_one_family(demo_corpus, tmp_path, clips):
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
