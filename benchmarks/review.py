"""How fast a review of many answers is: `python -m benchmarks.review [--rows 5000] [--decisions 200]`.

The answers are a small demo's, under as many ids as are asked for. Prints how long it takes until the page shows its
first answer in Chromium (if there is one), and how long the server takes from a decision to the next answer.
"""

import json
import shutil
import tempfile
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import uvicorn

from adiff_data import annotate, make_pairs, read_clips
from adiff_data.core.hosts import listen
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.listeners.recordings import Recordings
from adiff_data.records import Annotation
from adiff_data.reviewing.application import make_application
from adiff_data.reviewing.desk import Desk
from adiff_data.reviews.store import ReviewStore


def demo_rows(corpus: Path, count: int) -> list[Annotation]:
    write_corpus(corpus, DemoSettings(seed=1, development=4, validation=4, evaluation=6))
    rows = annotate(make_pairs(read_clips("demo", corpus, "evaluation")), annotator="rules")
    return [rows[index % len(rows)].model_copy(update={"id": f"{index}-row"}) for index in range(count)]


def ask(address: str, cookie: str, path: str, body: object = None) -> tuple[dict, str]:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(address + path, data, {"Cookie": cookie, "Content-Type": "application/json"})) as answer:
        return json.loads(answer.read()), answer.headers.get("set-cookie", "").partition(";")[0]


def seconds_a_decision(address: str, decisions: int) -> list[float]:
    """From the decision on one answer to the next answer, which two reviewers ask for in turn."""
    cookies = [ask(address, "", "enter", {"name": name})[1] for name in ("anna", "ben")]
    shown = [ask(address, cookie, "row")[0]["row"]["id"] for cookie in cookies]
    taken = []
    for number in range(decisions):
        who = number % 2
        told = {"row": shown[who], "action": "accept", "key": f"decision-{number}", "seconds": 1.0}
        started = time.perf_counter()
        answer, _ = ask(address, cookies[who], "decide", told)
        taken.append(time.perf_counter() - started)
        shown[who] = answer["row"]["id"]
        time.sleep(0.03)  # a reviewer may ask 40 times a second
    return taken


def seconds_to_open(address: str, times: int = 5) -> list[float]:
    """From the address to the first answer on the screen, for somebody who has entered before."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.fill("#name", "cleo")
        page.keyboard.press("Enter")
        page.wait_for_selector("#row:not([hidden])")
        taken = []
        for _ in range(times):
            started = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("#row:not([hidden])")
            taken.append(time.perf_counter() - started)
        browser.close()
    return taken


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--decisions", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = demo_rows(Path(folder) / "corpus", options.rows)
        answers = [(row.id, row.answer) for row in rows]
        with ReviewStore.create(Path(folder) / "reviews.sqlite", answers, people=2) as store:
            recordings = Recordings(rows, Path(folder) / "corpus")
            application = make_application(store, Desk(store, rows), recordings, by_name=True)
            listening = listen("127.0.0.1", 0)
            server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            report("from a decision to the next answer", seconds_a_decision(address, options.decisions))
            report("until the page shows an answer", seconds_to_open(address))
            server.should_exit = True
            thread.join(10)


def report(what: str, taken: list[float]) -> None:
    if taken:
        middle, high, highest = np.percentile(taken, [50, 95, 100]) * 1000
        print(
            f"{what}: median {middle:.0f} ms, 95 % below {high:.0f} ms, at most {highest:.0f} ms ({len(taken)} times)"
        )


if __name__ == "__main__":
    main()
