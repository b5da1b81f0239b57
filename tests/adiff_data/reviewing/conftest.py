"""A built split of the demo, and its review: served in a thread, seen in Chromium."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from adiff_data import annotate, build, make_pairs, read_clips
from adiff_data.core.hosts import listen
from adiff_data.listeners.recordings import Recordings
from adiff_data.records import Annotation
from adiff_data.reviewing.application import make_application
from adiff_data.reviewing.desk import Desk
from adiff_data.reviewing.rows import answers_of_split
from adiff_data.reviews.store import ReviewStore


@pytest.fixture(scope="module")
def split(demo_corpus, tmp_path_factory) -> Path:
    """A dataset of one split: 35 pairs in three tiers, with the annotations that it was built from."""
    folder = tmp_path_factory.mktemp("built") / "DEMO"
    annotations = folder / "work" / "evaluation" / "annotations.jsonl"
    annotate(make_pairs(read_clips("demo", demo_corpus, "evaluation")), annotator="rules", out=annotations)
    build(annotations, folder)
    return folder


@dataclass(frozen=True)
class Review:
    """A review that is served."""

    address: str
    store: ReviewStore
    rows: list[Annotation]

    def said(self, action: str | None = None) -> list[tuple[str, str, str]]:
        """Who did what with which row."""
        events = (event for event in self.store.events() if action in (None, event.action))
        return [(event.reviewer, event.action, event.row) for event in events]


@pytest.fixture
def reviewed(split, demo_corpus, tmp_path) -> Iterator[Callable[..., Review]]:
    """Serves a review of the split, or of some rows, until the test ends."""
    with ExitStack() as stack:

        def serve(rows: list[Annotation] | None = None, people: int = 1, by_name: bool = True) -> Review:
            chosen = rows or answers_of_split(split, "test")[0]
            path = tmp_path / f"reviews{people}.sqlite"
            store = stack.enter_context(ReviewStore.create(path, [(row.id, row.answer) for row in chosen], people))
            application = make_application(store, Desk(store, chosen), Recordings(chosen, demo_corpus), by_name=by_name)
            return Review(stack.enter_context(_served(application)), store, chosen)

        yield serve


@contextmanager
def _served(application: object) -> Iterator[str]:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)


@pytest.fixture
def enter(browser):
    """Opens a review in a browser of its own and enters by name; nothing may go wrong in the page."""
    contexts, faults = [], []

    def open_(address: str, name: str = "anna", *, width: int = 1280, color_scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=color_scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(address)
        if name:
            page.fill("#name", name)
            page.keyboard.press("Enter")
            page.wait_for_selector("#row:not([hidden])")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []
