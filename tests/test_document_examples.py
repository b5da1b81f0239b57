"""The Python examples of README and docs run as they stand there, on the demo's files under other names.

The script that regenerates a dataset has tests of its own: `test_regeneration_script.py`.
"""

import re
import shutil
from pathlib import Path

import pytest

from adiff_data import annotate, build, make_pairs, read_clips
from adiff_model import ADIFF
from tests.adiff_model.serving.conftest import running
from tests.chat_server import ChatServer
from tests.test_regeneration_script import as_a_good_model

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def examples() -> list[tuple[str, str]]:
    """Each block of Python that imports something, with its document."""
    return [
        (document.name, block)
        for document in DOCUMENTS
        for block in re.findall(r"```python\n(.*?)```", document.read_text(encoding="utf-8"), flags=re.DOTALL)
        if "import " in block and "publish(" not in block
    ]


@pytest.fixture
def as_in_the_documents(demo_corpus, tmp_path, monkeypatch) -> Path:
    """A folder with what the examples name: four recordings, pairs, and a dataset."""
    monkeypatch.chdir(tmp_path)
    recordings = sorted(demo_corpus.rglob("*.wav"))
    for name, recording in zip(("a.wav", "b.wav", "rain.wav", "dog.wav"), recordings, strict=False):
        shutil.copyfile(recording, name)
    pairs = make_pairs(read_clips("demo", demo_corpus, "evaluation"), limit=2)
    Path("pairs.jsonl").write_text("".join(f"{pair.model_dump_json()}\n" for pair in pairs), encoding="utf-8")
    build(annotate(pairs, annotator="rules"), "data/DEMO")
    return tmp_path


def test_the_documents_have_examples():
    assert {"README.md", "annotation.md", "model.md", "python-api.md"} <= {document for document, _ in examples()}


@pytest.fixture(scope="module")
def served():
    """The address of a server of the bundled model, in place of a published checkpoint's."""
    with running(ADIFF(config="tiny")) as address:
        yield address


@pytest.mark.usefixtures("as_in_the_documents")
@pytest.mark.parametrize(("document", "example"), examples())
def test_an_example_runs(document, example, demo_corpus, served):
    with ChatServer(as_a_good_model) as server:
        for name, here in {
            '"data/CLD", "cld"': '"data/DEMO", "demo"',
            "data/CLD": "data/DEMO",
            '"recordings"': f'"{demo_corpus}"',
            "http://localhost:8000/v1": server.url,
            "http://127.0.0.1:8000": served,
            'model="adiff_base"': 'model="tiny"',
            'config="base", model_path="adiff_base.ckpt"': 'config="tiny"',  # the published weights cannot be had here
            "max_len=300": "max_len=30",
        }.items():
            example = example.replace(name, here)
        exec(compile(example, document, "exec"), {})
