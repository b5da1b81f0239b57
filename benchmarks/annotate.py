"""Annotation's speed and memory against a server that answers in 50 ms.

    python benchmarks/annotate.py [--rows 2000] [--runs 5] [--big 150000]

Each run measures, one after the other and against the same server process, a bare loop over the `openai` SDK with
the same concurrency, and what `adiff annotate` runs; the median of the runs' ratios is printed. Then the peak memory
of a process that annotates `--big` rows.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from pathlib import Path

from aiohttp import web
from openai import AsyncOpenAI, DefaultAioHttpClient

from adiff_data.annotation.annotators import ModelAnnotator, annotate_job
from adiff_data.annotation.run import Job
from adiff_data.annotation.tasks import Task
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.llm import ModelOptions, RunOptions
from adiff_data.records import Clip, Pair, make_pair

LATENCY = 0.05
ANSWER = {
    "id": "c",
    "object": "chat.completion",
    "created": 0,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Audio 1 has rain; audio 2 has wind. " * 4},
        }
    ],
    "usage": {"prompt_tokens": 400, "completion_tokens": 60, "total_tokens": 460},
}


def serve(port: multiprocessing.Queue, latency: float) -> None:
    """A server that answers every request with the same text after `latency` seconds."""
    content = json.dumps(ANSWER).encode()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(latency)
        return web.Response(body=content, content_type="application/json")

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


def write_pairs(path: Path, count: int) -> None:
    """`count` pairs of clips with captions of the usual length."""

    def clip(number: int) -> Clip:
        caption = f"A dog barks {number} times while heavy rain falls on a tin roof"
        return Clip(corpus="demo", split="s", filepath=f"Demo/s/{number}.wav", captions=(caption,))

    def pairs() -> list[Pair]:
        for number in range(count):
            one, two = clip(number), clip(number + 1)
            yield make_pair(one, two, one.captions[0], two.captions[0], strategy="random")

    write_records(path, pairs(), force=True)


def bare_loop(pairs: list[Pair], url: str, concurrency: int) -> float:
    """Rows a second of a bare loop over the SDK's client with the same requests."""
    options = ModelOptions(model="m", base_url=url)

    async def run() -> float:
        client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0, http_client=DefaultAioHttpClient())
        waiting = iter(pairs)

        async def work() -> None:
            for pair in waiting:
                request = Task(pair, 0, ("sentence",)).request(("sentence",))
                reply = await client.chat.completions.create(**request.body(options))
                assert reply.choices[0].message.content

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
        seconds = time.perf_counter() - began
        await client.close()
        return len(pairs) / seconds

    return asyncio.run(run())


def annotate(pairs: Path, count: int, url: str, concurrency: int) -> float:
    """Rows a second of `adiff annotate`, its journal and its run file included."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(pairs, Path(folder) / "annotations.jsonl", ("sentence",))
        model, options = ModelOptions(model="m", base_url=url), RunOptions(concurrency=concurrency)
        began = time.perf_counter()
        tally = annotate_job(job, ModelAnnotator(model, options, key="k", price=None))
        seconds = time.perf_counter() - began
    assert tally.rows == count
    assert not tally.failed
    return count / seconds


def measure_memory(result: multiprocessing.Queue, pairs: Path, count: int, url: str, concurrency: int) -> None:
    """Puts rows a second and the peak memory in MB of this process."""
    rate = annotate(pairs, count, url, concurrency)
    result.put((rate, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--big", type=int, default=150_000)
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ports = context.Queue()
    processes = [context.Process(target=serve, args=(ports, latency), daemon=True) for latency in (LATENCY, 0.0)]
    urls = []
    for process in processes:
        process.start()
        urls.append(f"http://127.0.0.1:{ports.get()}/v1")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.jsonl"
        write_pairs(path, arguments.rows)
        pairs = list(read_records(path, Pair))
        ratios = []
        for number in range(arguments.runs):
            bare = bare_loop(pairs, urls[0], arguments.concurrency)
            ours = annotate(path, arguments.rows, urls[0], arguments.concurrency)
            ratios.append(ours / bare)
            print(f"run {number + 1}: bare loop {bare:.0f} rows/s, adiff {ours:.0f} rows/s, ratio {ours / bare:.2f}")
        print(f"median ratio of {arguments.runs} runs: {statistics.median(ratios):.2f}")
        if arguments.big:
            write_pairs(path, arguments.big)
            results = context.Queue()
            call = (results, path, arguments.big, urls[1], arguments.concurrency)
            context.Process(target=measure_memory, args=call).start()
            rate, memory = results.get()
            print(f"{arguments.big:,} rows: {rate:.0f} rows/s, {memory:.0f} MB at the peak")
    for process in processes:
        process.terminate()


if __name__ == "__main__":
    main()
