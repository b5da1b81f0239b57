"""A study in a real browser: from invitation to results by keys alone, a kill, a phone and hostile text."""

import os
import signal
import subprocess
import sys

import pytest

from adiff_data.studies.plan import write_plan
from adiff_data.studies.planning import plan_study
from adiff_data.studies.results import study_results
from adiff_data.studies.store import StudyStore
from tests.adiff_data.study_pages.conftest import HOSTILE, SYSTEMS
from tests.adiff_data.study_pages.in_browser import asked_for, judge, listen, wait_for_next
from tests.pages import wait_until

pytestmark = pytest.mark.slow


def test_a_study_from_invitation_to_results_by_keys_alone(serve, open_page):
    """Both raters prefer what the first system says; nobody is told which that is."""
    served = serve(by_name=False, people=1)
    for name in ("anna", "ben"):
        served.store.add_key(f"token-of-{name}", name, "invitation")
        page = open_page(f"{served.address}#token-of-{name}")
        page.wait_for_selector("#consent:not([hidden])")
        assert "headphones" in page.text_content("#consent-text")
        page.keyboard.press("Enter")
        page.wait_for_selector("#trial:not([hidden])")
        assert page.locator("#practice").is_visible()
        while page.locator("#trial").is_visible():
            assert not any(system in page.text_content("#trial") for system in SYSTEMS)
            right = asked_for(page)
            value = right or (5 if "Answer 1." in page.text_content("#answers") else 2)
            judge(page, *[value] * 3)
        page.wait_for_selector("#end:not([hidden])")

    results = study_results(served.folder)
    assert [rater.checks_passed for rater in results.raters] == [1, 1]
    assert all(rater.answered == rater.asked and rater.is_counted for rater in results.raters)
    assert {(result.system, result.value.value) for result in results.systems} == {("ours", 5.0), ("theirs", 2.0)}


def test_two_answers_side_by_side_give_a_preference(serve, enter):
    served = serve(kind="preference", people=1)
    page = enter(served.address)
    while page.locator("#trial").is_visible():
        first = page.locator("#answers .text").first.text_content()
        judge(page, asked_for(page) or (1 if "Answer 1." in first else 2))
    results = study_results(served.folder)
    assert {result.system: result.preferred for result in results.systems} == {"ours": 1.0, "theirs": 0.0}


def test_nothing_is_sent_before_both_were_heard_and_all_is_answered(serve, enter):
    served = serve()
    page = enter(served.address)
    page.keyboard.press("Enter")
    assert "Listen to both" in page.text_content("#message")
    listen(page)
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    assert "granularity" in page.text_content("#message")
    before = page.text_content("#progress")
    page.keyboard.press("ArrowUp")
    for value in "123":
        page.keyboard.press(value)
    page.keyboard.press("n")
    page.keyboard.type("loud")
    page.keyboard.press("Enter")
    wait_for_next(page, before)
    [event] = served.said()
    assert (list(event.values.values()), event.comment) == ([1, 2, 3], "loud")
    assert event.seconds > 0

    page.keyboard.press("u")
    wait_until(page, f"document.getElementById('progress').textContent === {before!r}")
    page.keyboard.press("x")
    wait_for_next(page, before)
    assert [event.values for event in served.said()][1:] == [{}]


def test_what_one_could_not_send_is_not_said_by_the_next_person_at_this_browser(serve, enter):
    served = serve()
    page = enter(served.address, "anna")
    page.route("**/answer", lambda route: route.abort())
    page.keyboard.press("x")
    page.wait_for_selector("#message:not([hidden])")
    page.unroute("**/answer")
    for name, shown in (("ben", "#consent"), ("anna", "#trial")):
        page.context.clear_cookies()
        page.goto(served.address)
        page.fill("#name", name)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{shown}:not([hidden])")
    [event] = served.said()
    assert event.rater == served.store.rater("anna")


def test_hostile_text_is_text(serve, enter):
    page = enter(serve().address, "<b>anna</b>")
    assert page.text_content("#answers .text").startswith(HOSTILE)
    assert page.text_content("#title") == page.title() == " ".join(HOSTILE.split())
    assert page.text_content("#progress").startswith("<b>anna</b>: ")


@pytest.mark.parametrize("kind", ["rating", "preference"])
@pytest.mark.parametrize(("width", "color_scheme"), [(1280, "light"), (390, "dark")], ids=["desk", "phone"])
def test_the_page_fits_its_screen_and_is_accessible(serve, open_page, width, color_scheme, kind):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    page = open_page(serve(kind=kind, title="A study").address, width=width, color_scheme=color_scheme)

    def look() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        violations = axe.run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations] == []

    page.wait_for_selector("#entry:not([hidden])")
    look()
    page.fill("#name", "anna")
    page.keyboard.press("Enter")
    page.wait_for_selector("#consent:not([hidden])")
    look()
    page.keyboard.press("Enter")
    page.wait_for_selector("#trial:not([hidden])")
    page.keyboard.press("1")
    look()
    page.keyboard.press("?")
    look()


def start(folder, demo_corpus, port: int) -> tuple[subprocess.Popen, str]:
    command = [sys.executable, "-m", "pipelines", "study", "serve", folder, "--audio-root", demo_corpus, "--port", port]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True, env=os.environ)
    return process, next(line for line in process.stdout if line.startswith("the page: ")).split()[2]


def test_nothing_is_lost_when_the_server_is_killed(study_rows, demo_corpus, enter, tmp_path):
    study = plan_study(study_rows, practice=1, checks=1)
    write_plan(tmp_path, study)
    process, address = start(tmp_path, demo_corpus, 0)
    try:
        page = enter(address)
        judge(page, 1, 2, 3)
        before = page.text_content("#progress")
        listen(page)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for key in ("4", "4", "4", "Enter"):
            page.keyboard.press(key)
        page.wait_for_selector("#message:not([hidden])")
        process.stdout.close()
        process, _ = start(tmp_path, demo_corpus, int(address.rstrip("/").rpartition(":")[2]))
        wait_for_next(page, before)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    with StudyStore.of_study(tmp_path, study) as store:
        values = [list(event.values.values()) for event in store.events() if event.action == "answer"]
    assert values == [[1, 2, 3], [4, 4, 4]]
