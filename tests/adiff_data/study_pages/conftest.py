"""A study of three systems on the demo's recordings: served in a thread, seen in Chromium."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from adiff_data import make_pairs, read_clips
from adiff_data.core.hosts import listen
from adiff_data.studies.answers import StudyEvent
from adiff_data.studies.plan import Study, StudyRow, write_plan
from adiff_data.studies.planning import plan_study
from adiff_data.studies.store import StudyStore
from adiff_data.study_pages.application import make_study_application
from adiff_data.study_pages.desk import StudyDesk
from adiff_data.study_pages.serving import recordings_of

SYSTEMS = ("ours", "theirs")
HOSTILE = "<img src=x onerror=\"document.title='taken'\"></p><script>document.title='taken'</script> Audio 1 has rain."


@pytest.fixture(scope="module")
def study_rows(demo_corpus) -> list[StudyRow]:
    """Rows whose answers are hostile text."""
    return [
        StudyRow(
            id=f"{pair.id}-sentence",
            filepath1=pair.filepath1,
            filepath2=pair.filepath2,
            tier="sentence",
            request="explain the difference in a sentence",
            answers={system: f"{HOSTILE} Answer {place}." for place, system in enumerate(SYSTEMS, start=1)},
        )
        for pair in make_pairs(read_clips("demo", demo_corpus, "evaluation"))
    ]


@dataclass(frozen=True)
class Served:
    """A study that is served."""

    address: str
    study: Study
    store: StudyStore
    folder: Path

    def said(self, action: str = "answer") -> list[StudyEvent]:
        """What happened."""
        return [event for event in self.store.events() if event.action == action]


@pytest.fixture
def serve(study_rows, demo_corpus, tmp_path) -> Iterator[Callable[..., Served]]:
    """Plans a study and serves it until the test ends."""
    with ExitStack() as stack:

        def serve(*, by_name: bool = True, **settings) -> Served:
            study = plan_study(study_rows, **{"practice": 1, "checks": 1, "people": 1, "title": HOSTILE} | settings)
            write_plan(tmp_path, study)
            store = stack.enter_context(StudyStore.of_study(tmp_path, study))
            recordings = recordings_of(study, demo_corpus)
            application = make_study_application(store, StudyDesk(store, study), recordings, by_name=by_name)
            listening = listen("127.0.0.1", 0)
            server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(setattr, server, "force_exit", True)
            stack.callback(setattr, server, "should_exit", True)
            return Served(f"http://127.0.0.1:{listening.getsockname()[1]}/", study, store, tmp_path)

        yield serve


@pytest.fixture
def open_page(browser):
    """Opens a page in a browser of its own; nothing may go wrong in it."""
    contexts, faults = [], []

    def open_(address: str, *, width: int = 1280, color_scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=color_scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def enter(open_page):
    """Opens a study, enters by name and agrees to take part."""

    def enter(address: str, name: str = "anna", **settings):
        page = open_page(address, **settings)
        page.fill("#name", name)
        page.keyboard.press("Enter")
        page.wait_for_selector("#consent:not([hidden])")
        page.keyboard.press("Enter")  # the button that agrees has the focus
        page.wait_for_selector("#trial:not([hidden])")
        return page

    return enter
