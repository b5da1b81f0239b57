"""`adiff publish` and `adiff export` from the command: to a folder, to a server that speaks the Hub's protocol."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.dataset.layout import CROISSANT
from adiff_data.demo import DemoSettings, write_corpus
from pipelines.command import run_command
from tests.hub_server import TOKEN, HubServer
from tests.pipelines.test_command import one_line_error

pytestmark = pytest.mark.slow

REPOSITORY = "my-org/adiff-demo"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A dataset that the demo's recipe built, of 22 clips."""
    folder = tmp_path_factory.mktemp("built")
    corpus = folder / "corpus"
    write_corpus(corpus, DemoSettings(seed=3, development=8, validation=7, evaluation=7))
    recipe = folder / "recipe.yaml"
    recipe.write_text(
        f"corpus: demo\nroot: {corpus}\naudio_root: {corpus}\nout: {folder / 'DEMO'}\n"
        "splits: [development, validation, evaluation]\n"
        "steps: {pair: {}, annotate: {annotator: rules}, check: {}, build: {}}\n"
    )
    assert run_command(["run", str(recipe)]) == 0
    return folder / "DEMO"


def client(server: HubServer, home: Path) -> dict[str, str]:
    """The environment of a user whose Hub is the server."""
    own = {
        "HF_ENDPOINT": server.url,
        "HF_TOKEN": TOKEN,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_OFFLINE": "0",
    }
    return {**os.environ, **own, "HF_HUB_DISABLE_PROGRESS_BARS": "1"}


def adiff_process(*arguments: object, env: dict[str, str]) -> subprocess.Popen:
    call = [sys.executable, "-m", "pipelines", *map(str, arguments)]
    return subprocess.Popen(call, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*arguments: object, env: dict[str, str]) -> tuple[int, str, str]:
    process = adiff_process(*arguments, env=env)
    printed, errors = process.communicate(timeout=120)
    return process.returncode, printed, errors


def python(code: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_is_whole_and_the_same_again(adiff, built, tmp_path):
    out = tmp_path / "published"
    status, printed, _ = adiff("publish", built, "--to", out)
    assert status == 0
    assert "demo: train 120 rows, validation 105 rows, test 105 rows" in printed
    assert {path.name for path in out.iterdir()} == {"README.md", "LICENSE.md", CROISSANT, "demo", "plots"}
    assert "unchanged" in adiff("publish", built, "--to", out)[1]


def test_a_foreign_folder_is_not_overwritten(adiff, built, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    one_line_error(adiff("publish", built, "--to", tmp_path, "--force"), "not a published dataset")
    assert (tmp_path / "thesis.tex").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nowhere to publish"),
        (("--repo", "bad name!/x"), "no name of a repository"),
        (("--repo", "nobody"), "names no owner"),
        (("--to", "x", "--with-audio"), "needs the recordings"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(adiff, built, arguments, said):
    one_line_error(adiff("publish", built, *arguments), said)


def test_export_gives_the_built_csvs_back_to_the_byte(adiff, built, tmp_path):
    adiff("publish", built, "--to", tmp_path / "published")
    for split in ("train", "validation", "test"):
        arguments = ("--config", "demo", "--split", split, "--out", tmp_path / "csv")
        assert adiff("export", tmp_path / "published", *arguments)[0] == 0
    originals = sorted(built.glob("*.csv"))
    assert len(originals) == 9
    for original in originals:
        assert (tmp_path / "csv" / original.name).read_bytes() == original.read_bytes()


def test_export_of_reasonaqa_has_its_fields(adiff, built, tmp_path):
    out = tmp_path / "test.json"
    call = ("export", built, "--config", "demo", "--split", "evaluation", "--tier", "detail", "--format", "reasonaqa")
    assert adiff(*call, "--out", out)[0] == 0
    entries = json.loads(out.read_text())
    assert len(entries) == 35
    fields = ["taskname", "filepath1", "filepath2", "caption1", "caption2", "input", "answer", "subtype"]
    assert list(entries[0]) == fields
    assert entries[0]["subtype"] == "DEMO-3.json"


def test_a_dry_run_reaches_no_server(adiff, built):
    status, printed, _ = adiff("publish", built, "--repo", REPOSITORY, "--dry-run")
    assert status == 0
    assert "would go up: demo/test-00000-of-00001.parquet" in printed


def test_a_push_is_one_private_commit_that_load_dataset_reads(built, tmp_path):
    with HubServer() as server:
        env = client(server, tmp_path)
        status, printed, errors = run("publish", built, "--repo", REPOSITORY, "--tag", "v1", env=env)
        assert status == 0, errors
        assert "(private)" in printed
        repository = server.repositories[REPOSITORY]
        assert repository.private
        assert len(repository.commits) == 1
        assert repository.tags == {"v1": repository.commits[0][0]}
        card = repository.branches["main"]["README.md"].decode()
        assert f'load_dataset("{REPOSITORY}", "demo", split="test")' in card
        assert TOKEN not in printed + errors + card
        loaded = python(
            "from datasets import load_dataset\n"
            f"rows = load_dataset('{REPOSITORY}', 'demo', split='test', revision='v1')\n"
            f"first = next(iter(load_dataset('{REPOSITORY}', 'demo', split='test', streaming=True)))\n"
            "from adiff_data import load_split\n"
            f"tier = load_split('{REPOSITORY}', 'demo', 'evaluation', tier='sentence')\n"
            "print(len(rows), first['id'] == rows[0]['id'], len(tier), set(tier['prompt']))\n",
            env,
        )
        assert loaded == "105 True 35 {'explain the difference in a sentence'}\n"


def test_a_second_push_sends_nothing_again_and_can_make_it_public(built, tmp_path):
    with HubServer() as server:
        env = client(server, tmp_path)
        assert run("publish", built, "--repo", REPOSITORY, env=env)[0] == 0
        sent = server.uploads.total()
        status, printed, _ = run("publish", built, "--repo", REPOSITORY, "--public", env=env)
        assert status == 0
        assert "(public)" in printed
        assert server.uploads.total() == sent
        assert not server.repositories[REPOSITORY].private


def test_files_of_before_are_removed_by_the_commit_and_a_branch_keeps_main(built, tmp_path):
    with HubServer() as server:
        env = client(server, tmp_path)
        assert run("publish", built, "--repo", REPOSITORY, env=env)[0] == 0
        assert run("publish", f"other={built}", "--repo", REPOSITORY, "--revision", "next", env=env)[0] == 0
        branches = server.repositories[REPOSITORY].branches
        assert {path.split("/")[0] for path in branches["main"] if path.endswith(".parquet")} == {"demo"}
        assert {path.split("/")[0] for path in branches["next"] if path.endswith(".parquet")} == {"other"}


def test_an_upload_that_was_cut_goes_on(built, tmp_path):
    """The client is killed when the third large file arrives; the second run sends only what is missing."""
    processes = []

    def cut(arrived: int) -> None:
        if arrived == 3:
            processes[0].send_signal(signal.SIGKILL)
            processes[0].wait(10)
            raise ConnectionResetError

    with HubServer(on_upload=cut) as server:
        env = client(server, tmp_path)
        processes.append(adiff_process("publish", built, "--repo", REPOSITORY, env=env))
        processes[0].communicate(timeout=120)
        assert processes[0].returncode == -signal.SIGKILL
        assert not server.repositories[REPOSITORY].commits
        kept = set(server.stored)
        assert kept
        server.on_upload = lambda arrived: None
        status, _, errors = run("publish", built, "--repo", REPOSITORY, env=env)
        assert status == 0, errors
        assert all(server.uploads[oid] == 1 for oid in kept)
        assert len(server.repositories[REPOSITORY].commits) == 1


def test_a_wrong_token_and_a_server_that_is_not_there_are_told_in_one_line(built, tmp_path):
    with HubServer() as server:
        env = client(server, tmp_path)
        status, _, errors = run("publish", built, "--repo", REPOSITORY, env={**env, "HF_TOKEN": "hf_wrong"})
        assert status == 2
        assert "hf auth login" in errors
        assert "hf_wrong" not in errors
    status, _, errors = run("publish", built, "--repo", REPOSITORY, env=env)
    assert status == 1
    assert "the same command goes on" in errors
