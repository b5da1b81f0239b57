"""How fast `adiff serve` answers 1, 8 and 32 clients, as a share of what the same model does locally in batches.

    python -m benchmarks.serve [--checkpoint tiny] [--tier fewwords] [--rounds 5] [--rows 128] [--threads 1]

The server is a process of its own, the clients are threads with OpenAI's SDK, each of which asks its next question when
it has its answer. In each round everything is asked once, of recordings that are new to the server. Local batches and
each number of clients take turns, so that what else the machine does falls on all alike; both have the same number of
torch's threads. A processor's time is that of the process that has the model. Figures are medians of the rounds.
Answers are compared, too. (`psutil` comes with the extra `train`.)
"""

import argparse
import base64
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import soundfile
import torch
from openai import OpenAI

from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.tiers import TIERS
from adiff_model import ADIFF

BATCH_SIZE = 32
CLIENTS = (1, 8, 32)
Example = tuple[Path, Path, str]


@contextmanager
def serving(checkpoint: str, threads: int) -> Iterator[tuple[OpenAI, psutil.Process]]:
    """Yields a client of a server that runs, and its process."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "pipelines", "serve", "--checkpoint", checkpoint, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[3].rstrip(",")
        try:
            yield OpenAI(base_url=url, api_key="none", timeout=600), psutil.Process(server.pid)
        finally:
            server.terminate()


def ask(client: OpenAI, model: str, example: Example, max_tokens: int) -> str:
    """The answer to one example."""
    content: list[dict[str, object]] = [
        {"type": "input_audio", "input_audio": {"data": base64.b64encode(path.read_bytes()).decode(), "format": "wav"}}
        for path in example[:2]
    ]
    content.append({"type": "text", "text": example[2]})
    messages = [{"role": "user", "content": content}]
    completion = client.chat.completions.create(model=model, messages=messages, max_tokens=max_tokens)  # type: ignore[arg-type]
    return completion.choices[0].message.content or ""


def new_examples(clips: Sequence[Path], prompt: str, rows: int, folder: Path) -> list[Example]:
    """Examples of copies of clips that differ from all before by one sample."""
    folder.mkdir()
    copies = []
    for clip in clips:
        samples, rate = soundfile.read(clip, dtype="int16")
        samples[0] += int(folder.name) % 2**8
        soundfile.write(folder / clip.name, samples, rate)
        copies.append(folder / clip.name)
    return [(copies[row % len(clips)], copies[(row * 7 + 1) % len(clips)], prompt) for row in range(rows)]


@dataclass
class Timing:
    """How long answers took: by the clock, and of a processor's time in the process that has the model."""

    rows: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.rows / self.seconds

    @property
    def cost(self) -> float:
        """Seconds of a processor an answer."""
        return self.cpu_seconds / self.rows


@contextmanager
def timed(process: psutil.Process, rows: int, into: list[Timing]) -> Iterator[None]:
    """Times its block."""
    began, before = time.perf_counter(), sum(process.cpu_times()[:2])
    yield
    into.append(Timing(rows, time.perf_counter() - began, sum(process.cpu_times()[:2]) - before))


def report(local: Sequence[Timing], served: dict[int, list[Timing]]) -> None:
    """Prints a table."""
    rate, cost = (statistics.median(getattr(each, name) for each in local) for name in ("rate", "cost"))
    print(f"local batches of {BATCH_SIZE}: {rate:.2f} answers a second, {1000 * cost:.0f} ms of a processor each")
    print("clients   answers a second   share of local (each round)   processor, ms an answer   local's share of it")
    for clients, timings in served.items():
        shares = [own.rate / whole.rate for own, whole in zip(timings, local, strict=True)]
        told = f"{statistics.median(shares):.2f} ({', '.join(f'{share:.2f}' for share in shares)})"
        own_rate, own_cost = (statistics.median(getattr(each, name) for each in timings) for name in ("rate", "cost"))
        print(f"{clients:7}   {own_rate:16.2f}   {told:>27}   {1000 * own_cost:23.0f}   {cost / own_cost:19.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="tiny")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=128)
    parser.add_argument("--max-tokens", type=int, default=300)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tier", choices=list(TIERS), default="fewwords")
    options = parser.parse_args()
    prompt = TIERS[options.tier].request
    torch.set_num_threads(options.threads)
    logging.disable(logging.WARNING)
    local: list[Timing] = []
    served: dict[int, list[Timing]] = {clients: [] for clients in CLIENTS}
    equal = asked = 0
    adiff = ADIFF(model_path=options.checkpoint)
    with tempfile.TemporaryDirectory() as name, serving(options.checkpoint, options.threads) as (client, server):
        folder = Path(name)
        write_corpus(folder / "corpus", DemoSettings(development=48, validation=4, evaluation=7))
        clips = sorted((folder / "corpus").rglob("*.wav"))[:48]
        (model,) = [each.id for each in client.models.list()]
        for number in range(options.rounds + 1):
            examples = new_examples(clips, prompt, options.rows, folder / f"{4 * number}")
            with timed(psutil.Process(), len(examples), local):
                expected = adiff.generate(examples, options.max_tokens, batch_size=BATCH_SIZE)
            for place, clients in enumerate(CLIENTS, start=1):
                rows = max(4, options.rows * clients // CLIENTS[-1])
                examples = new_examples(clips, prompt, rows, folder / f"{4 * number + place}")
                with timed(server, rows, served[clients]), ThreadPoolExecutor(clients) as threads:
                    answers = list(threads.map(lambda each: ask(client, model, each, options.max_tokens), examples))
                equal += sum(answer == other for answer, other in zip(answers, expected, strict=False))
                asked += rows
    report(local[1:], {clients: timings[1:] for clients, timings in served.items()})  # the first round warms up
    print(f"{equal} of {asked} answers are those of the local batches")


if __name__ == "__main__":
    main()
