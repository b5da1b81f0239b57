"""Fixtures that several rooms share."""

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.records import Clip
from pipelines.command import run_command

SHARED = Path(os.environ.get("ADIFF_SHARED", Path(__file__).parents[2] / "shared")).resolve()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
settings.register_profile("shared cores", deadline=None)  # a slow disk or a busy core is no fault of what is tested
settings.load_profile("shared cores")


def pytest_configure() -> None:
    """The Hub's libraries keep to a folder of the run's own and reach no network, unless a test gives them a server."""
    os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="adiff-tests-")
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
    if "PYTEST_XDIST_WORKER" in os.environ:  # workers share the cores, where threads of each would wait for the others'
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported stays to the end: looking through it for garbage again and again is a sixth of all the time."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["HF_HOME"], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _meteor_waits_to_the_end() -> Iterator[None]:
    """Its program takes ten seconds to start: a worker starts it once, however far apart the tests are that use it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adiff_model.metrics.meteor._IDLE_SECONDS", 3600)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real captions and recordings beside the project."""
    if not (SHARED / "data").is_dir():
        pytest.skip("no ../shared here: real captions and recordings are not part of the project")
    return SHARED / "data"


@pytest.fixture(scope="session")
def demo_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo corpus: 8, 4 and 7 clips."""
    folder = tmp_path_factory.mktemp("demo") / "corpus"
    write_corpus(folder, DemoSettings(seed=3, development=8, validation=4, evaluation=7))
    return folder


@pytest.fixture(scope="session")
def model_server():
    """A real language model server: llama.cpp with SmolLM2-135M-Instruct; yields its base URL."""
    from benchmarks.model_server import start

    server = start(threads=1)  # threads that wait for one another in a busy loop stand still where cores are shared
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
def adiff(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Runs the command in this process; yields what returns exit status, output and error output."""
    from pipelines import console

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        console.log_warnings()
        status = run_command([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    yield call
    for package in ("adiff_data", "adiff_model", "pipelines"):  # other tests read warnings by caplog
        logging.getLogger(package).handlers = []
        logging.getLogger(package).propagate = True


@pytest.fixture
def clips() -> Callable[..., list[Clip]]:
    """Makes a split of clips with the given numbers of captions."""

    def make(*captions: int, split: str = "evaluation") -> list[Clip]:
        return [
            Clip(
                corpus="clotho",
                split=split,
                filepath=f"ClothoV21/{split}/clip{place}.wav",
                captions=tuple(f"caption {number} of clip {place}" for number in range(count)),
            )
            for place, count in enumerate(captions)
        ]

    return make


@pytest.fixture(scope="module")
def browser():
    """Chromium. A module's own: while it is open, an event loop runs, which other tests do without."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra dev")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
