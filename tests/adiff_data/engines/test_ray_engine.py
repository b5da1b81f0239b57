"""A real Ray cluster of two nodes on this machine: its results are those of the local engine."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from pathlib import Path

import pytest

from adiff_data import InputError, WorkError, annotate, build, check, make_pairs, measure, read_clips
from adiff_data.checks.attribution import embeddings_installed
from adiff_data.engines.ray_engine import RayEngine

pytest.importorskip("ray", reason="needs Ray, of the extra ray")
pytestmark = pytest.mark.slow
STORE = 80 * 2**20  # bytes, the least that Ray takes
KILLED_WHILE_MEASURING = """
import os, signal, sys
from adiff_data import make_pairs, measure, read_clips
from adiff_data.engines.ray_engine import RayEngine

def kill_at_five(progress):
    if progress.step == "measure" and progress.done == 5:
        os.kill(os.getpid(), signal.SIGKILL)

corpus, cache, address = sys.argv[1:]
pairs = make_pairs(read_clips("demo", corpus, "development"))
measure(pairs, corpus, cache=cache, engine=RayEngine(address), progress=kill_at_five)
"""


@pytest.fixture(scope="module")
def cluster():
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        node = {"num_cpus": 1, "object_store_memory": STORE}
        cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        cluster.add_node(**node)
        yield cluster
        cluster.shutdown()


@pytest.fixture(scope="module")
def engine(cluster):
    with RayEngine(cluster.address) as engine:
        yield engine


def killer(poison: int):
    """Ends its process at a number. A closure goes to workers by value: this module is not there."""

    def end_at(number: int) -> int:
        if number == poison:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return end_at


def stuck_on(node: str, begun: Path):
    """Never comes to an end on one node, and leaves a file there where it begins."""

    def work(number: int) -> int:
        import ray

        time.sleep(0.1)
        if ray.get_runtime_context().get_node_id() == node:
            begun.touch()
            time.sleep(600)
        return number

    return work


def facts_file(path: Path, corpus: Path, **options) -> bytes:
    """What `measure` keeps of a split."""
    measure(make_pairs(read_clips("demo", corpus, "development")), corpus, cache=path, **options)
    return path.read_bytes()


def test_results_come_in_order_whatever_the_chunks(engine):
    assert list(engine.map(math.sqrt, range(20), chunk_size=3)) == list(map(math.sqrt, range(20)))
    assert list(engine.map(math.sqrt, [])) == []


def test_facts_are_the_same_to_the_byte(engine, demo_corpus, tmp_path):
    local = facts_file(tmp_path / "local.jsonl", demo_corpus)
    assert facts_file(tmp_path / "ray.jsonl", demo_corpus, engine=engine) == local


def test_verdicts_are_the_same(engine, demo_corpus):
    rows = annotate(make_pairs(read_clips("demo", demo_corpus, "development")), annotator="rules")
    many = rows * (2000 // len(rows) + 1)
    assert check(many, attribution="words", engine=engine) == check(many, attribution="words")
    if embeddings_installed():
        assert check(rows[:40], attribution="sentences", engine=engine) == check(rows[:40], attribution="sentences")


def test_predictions_are_the_same_to_the_byte(engine, demo_corpus, tmp_path):
    pytest.importorskip("adiff_model", reason="needs torch, of the extra model")
    from adiff_model import predict

    build(annotate(make_pairs(read_clips("demo", demo_corpus, "evaluation")), annotator="rules"), tmp_path / "DEMO")
    split = {"split": "evaluation", "audio_root": demo_corpus, "checkpoint": "tiny", "limit": 12, "batch_size": 4}
    predict(tmp_path / "DEMO", out=tmp_path / "local.jsonl", grounded=True, **split)
    predict(tmp_path / "DEMO", out=tmp_path / "ray.jsonl", grounded=True, engine=engine, **split)
    assert (tmp_path / "ray.jsonl").read_bytes() == (tmp_path / "local.jsonl").read_bytes()


def test_work_of_networks_goes_where_gpus_are(cluster, engine):
    def gpus_of_worker(batch: list[int]) -> list[int]:
        import ray

        return [len(ray.get_gpu_ids()) for _ in batch]

    on_gpus = RayEngine(cluster.address, gpus_per_worker=1)
    with pytest.raises(InputError, match="the Ray cluster has 0 GPUs, and a worker needs 1; give `gpus_per_worker=0`"):
        list(on_gpus.map_batches(gpus_of_worker, range(4), batch_size=2, on_gpu=True))
    node = cluster.add_node(num_cpus=1, num_gpus=1, object_store_memory=STORE)  # as it is told: there is none here
    assert list(on_gpus.map_batches(gpus_of_worker, range(4), batch_size=2, on_gpu=True)) == [1] * 4
    assert list(engine.map_batches(gpus_of_worker, range(4), batch_size=2, on_gpu=True)) == [0] * 4
    cluster.remove_node(node)


def test_an_item_that_ends_its_worker_costs_itself_alone(engine):
    results = engine.map(killer(5), range(12), chunk_size=3, lost=lambda number: -number)
    assert list(results) == [0, 1, 2, 3, 4, -5, 6, 7, 8, 9, 10, 11]


def test_an_item_that_ends_its_worker_is_one_line_where_nothing_can_stand_for_it(engine):
    with pytest.raises(WorkError, match="a worker process was ended by the system, and others"):
        list(engine.map(killer(1), range(3)))


def test_what_the_function_raises_is_raised_after_the_results_before_it(engine):
    results = engine.map(math.sqrt, [4, 9, -1, 4], chunk_size=4)
    assert [next(results), next(results)] == [2.0, 3.0]
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        next(results)


def test_an_error_of_the_project_arrives_with_all_that_it_says(engine):
    def refuse(path: str) -> None:
        from adiff_data import InputError

        raise InputError("is no sound", file=path, row=3, mend="listen to it")

    with pytest.raises(InputError, match=r"a\.wav, row 3: is no sound; listen to it") as raised:
        list(engine.map(refuse, ["a.wav"]))
    assert (raised.value.file, raised.value.row, raised.value.mend) == ("a.wav", 3, "listen to it")


def test_a_generator_is_not_drained_ahead(engine):
    numbers = iter(range(10_000))
    results = engine.map(abs, numbers, chunk_size=3)
    assert [next(results) for _ in range(10)] == list(range(10))
    assert next(numbers) <= 40
    results.close()


def test_no_more_work_at_once_than_is_said(engine):
    numbers = iter(range(100))
    results = RayEngine(workers=1).map(abs, numbers)
    assert next(results) == 0
    assert next(numbers) == 1
    results.close()


def test_a_node_that_is_lost_costs_nothing(cluster, engine, tmp_path, caplog):
    node, begun = cluster.add_node(num_cpus=1, object_store_memory=STORE), tmp_path / "begun"

    def remove_when_begun() -> None:
        while not begun.exists():
            time.sleep(0.05)
        cluster.remove_node(node)

    numbers = takewhile(lambda number: number < 20 or not begun.exists(), range(1000))
    with ThreadPoolExecutor() as pool:
        removed = pool.submit(remove_when_begun)
        done = list(engine.map(stuck_on(node.node_id, begun), numbers))
        removed.result()
    assert len(done) >= 20
    assert done == list(range(len(done)))
    assert "a worker was ended by the system" in caplog.text


@pytest.mark.usefixtures("engine")
def test_a_recipe_makes_the_same_files(adiff, cluster, demo_corpus, tmp_path):
    recipe = tmp_path / "recipe.yaml"
    steps = {"pair": {}, "annotate": {"annotator": "rules"}, "check": {"attribution": "words"}, "build": {}}
    places = {"root": str(demo_corpus), "audio_root": str(demo_corpus), "out": str(tmp_path / "local")}
    recipe.write_text(json.dumps({"corpus": "demo", "splits": ["development"], "steps": steps, **places}))
    assert adiff("run", recipe)[0] == 0
    engine = ("--engine", "ray", "--ray-address", cluster.address)
    assert adiff("run", recipe, "--out", tmp_path / "ray", *engine)[0] == 0
    made = [path.relative_to(tmp_path / "local") for path in (tmp_path / "local").rglob("*.[cj]s*")]
    assert {"facts.jsonl", "verdicts.jsonl"} < {path.name for path in made}
    for path in made:
        if path.name not in ("run.json", "steps.json"):  # they tell times and folders
            assert (tmp_path / "ray" / path).read_bytes() == (tmp_path / "local" / path).read_bytes(), path


def test_a_driver_that_is_killed_goes_on_with_another_engine(cluster, demo_corpus, tmp_path):
    cache = tmp_path / "facts.jsonl"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", KILLED_WHILE_MEASURING, demo_corpus, cache, cluster.address]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    kept = cache.read_bytes()
    assert len(kept.splitlines()) == 4
    whole = facts_file(cache, demo_corpus)
    assert whole.startswith(kept)
    assert whole == facts_file(tmp_path / "local.jsonl", demo_corpus)
