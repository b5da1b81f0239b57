"""The model in a script without a main guard, however Python starts processes: by spawning them on macOS and Windows,
by a server of forks on Linux since 3.14."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.published_csv import COLUMNS

CHECKOUT = Path(__file__).parents[2]
CLIPS = 12
pytestmark = pytest.mark.slow


def readme_snippet() -> str:
    """The README's own snippet of the model."""
    blocks = (CHECKOUT / "README.md").read_text(encoding="utf-8").split("```python\n")[1:]
    [snippet] = [block.split("```")[0] for block in blocks if "from adiff_model import ADIFF" in block]
    return snippet


def adapted(snippet: str, replacements: dict[str, str]) -> str:
    for old, new in replacements.items():
        assert old in snippet
        snippet = snippet.replace(old, new)
    return snippet


@pytest.fixture(scope="module")
def folder(tones, tmp_path_factory) -> Path:
    """A built dataset `CLD` of eleven pairs, and its `recordings`."""
    folder = tmp_path_factory.mktemp("start methods")
    (folder / "recordings").mkdir()
    (folder / "CLD").mkdir()
    for number in range(CLIPS):
        content = Path(tones(f"clip{number}.wav", 200.0 + 20 * number, 0.3)).read_bytes()
        (folder / "recordings" / f"clip{number}.wav").write_bytes(content)
    lines = [",".join(COLUMNS)]
    for number in range(1, CLIPS):
        paths = ",".join(f"ClothoV21/evaluation/clip{clip}.wav" for clip in (number - 1, number))
        lines.append(f"clothov21,{paths},one,two,explain the difference in few words,answer {number}")
    (folder / "CLD" / "cld_evaluation_adiff_fewwords_answer.csv").write_text("\n".join(lines) + "\n")
    return folder


def run_under(method: str, script: str, folder: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Runs a script as a file of its own, where `method` is how Python starts processes."""
    start = f"import multiprocessing\nmultiprocessing.set_start_method({method!r})\n"
    (tmp_path / "sitecustomize.py").write_text(start)
    (tmp_path / "script.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"}
    call = [sys.executable, str(tmp_path / "script.py")]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_the_readmes_snippet_and_a_whole_split_need_no_guard(method, folder, tmp_path):
    pairs = [[f"recordings/clip{number}.wav", f"recordings/clip{number - 1}.wav"] for number in range(1, CLIPS)]
    snippet = adapted(
        readme_snippet(),
        {
            'config="base", model_path="adiff_base.ckpt"': 'config="tiny"',
            '[["a.wav", "b.wav", "explain the difference between the two audio in detail"]]': (
                f'[[*pair, "explain the difference in few words"] for pair in {pairs}]'
            ),
            "adiff.generate(": "answers = adiff.generate(",
        },
    )
    script = f"""{snippet}
import threading

from adiff_model import predict

rows = predict("CLD", split="evaluation", audio_root="recordings", max_len=5, reading_threads=3)
print(len(answers), all(answers), len(rows), all(row.prediction for row in rows), threading.active_count())
"""
    finished = run_under(method, script, folder, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == ["11 True 11 True 1"]
