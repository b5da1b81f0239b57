"""A review in a real browser: by keys alone, with an edit, two people at once, a kill, a phone and hostile text."""

import os
import signal
import subprocess
import sys

import pytest

from adiff_data.reviewing.rows import answers_of_split
from adiff_data.reviews.results import results_of
from tests.pages import wait_until

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=\"document.title='taken'\"></p><script>document.title='taken'</script> Audio 1 has rain."
ROW_ID = "document.getElementById('row-id').textContent"


def press(page, *keys: str) -> None:
    """Presses keys; after one that decides, waits for the next row."""
    for key in keys:
        before = page.text_content("#row-id")
        page.keyboard.press(key)
        if key in ("a", "s"):
            wait_until(page, f"document.getElementById('row').hidden || {ROW_ID} !== '{before}'")


def test_a_whole_review_of_20_rows_by_keys_alone(split, reviewed, enter):
    review = reviewed(answers_of_split(split, "test")[0][:20])
    page = enter(review.address)
    press(page, "1", "m", "c", "l")
    wait_until(page, "!document.getElementById('audio1').paused && document.getElementById('audio1').loop")
    assert page.locator(".caption").first.is_visible()
    wait_until(page, "['audio1', 'audio2'].some(id => document.getElementById(id).volume < 1)")
    press(page, "2")
    wait_until(page, "document.getElementById('audio1').paused && !document.getElementById('audio2').paused")

    press(page, "r")
    page.keyboard.type("the sides are exchanged")
    page.keyboard.press("Enter")
    wait_until(page, "document.getElementById('progress').textContent.includes('1 by you')")
    press(page, "n")
    page.keyboard.type("hard to hear")
    press(page, "Escape", "s", *"a" * (len(review.rows) - 2))
    page.wait_for_selector("#end:not([hidden])")
    press(page, "u")
    page.wait_for_selector("#row:not([hidden])")
    press(page, "a")

    events = list(review.store.events())
    assert len(review.said("accept")) == len(review.rows) - 1
    assert [(event.action, event.reason) for event in events if event.reason] == [("reject", "the sides are exchanged")]
    assert [event.action for event in events if event.comment] == ["skip"]
    assert all(event.seconds is not None for event in events if event.action == "accept")
    assert {row.outcome for row in results_of(review.store)} == {"accept", "reject"}


def test_an_edit_is_checked_at_once_and_shown_word_by_word(reviewed, enter):
    review = reviewed()
    page = enter(review.address)
    row = next(row for row in review.rows if row.id == page.text_content("#row-id"))
    press(page, "e", "Control+a")
    page.keyboard.type("It is 12 dB louder.")
    page.wait_for_selector("#edited .bad")
    assert "form" in page.text_content("#edited .tags")
    page.fill("#edit", row.answer.replace(" ", " very ", 1))
    wait_until(page, "document.querySelector('#edited ins')?.textContent.trim() === 'very'")
    page.reload()  # a text that is not saved yet survives
    page.wait_for_selector("#edited ins")
    press(page, "Control+Enter")
    wait_until(page, "document.getElementById('progress').textContent.includes('1 by you')")
    [edit] = [event for event in review.store.events() if event.action == "edit"]
    assert (edit.row, edit.answer) == (row.id, row.answer.replace(" ", " very ", 1))
    assert edit.passed is not None


def test_two_at_once_never_get_one_row_and_three_settle_what_two_dispute(reviewed, enter):
    single = reviewed(people=1)
    pages = [enter(single.address, name) for name in ("anna", "ben")]
    for _ in range(4):
        for page in pages:
            press(page, "a")
    rows = [row for _, _, row in single.said("accept")]
    assert len(rows) == len(set(rows)) == 8

    double = reviewed(single.rows[:1], people=2)
    anna, ben = (enter(double.address, name) for name in ("anna", "ben"))
    press(anna, "a")
    anna.wait_for_selector("#end:not([hidden])")
    assert "anna" not in ben.content()
    press(ben, "r")
    ben.keyboard.type("no")
    ben.keyboard.press("Enter")
    ben.wait_for_selector("#end:not([hidden])")
    press(enter(double.address, "cleo"), "a")
    assert [row.outcome for row in results_of(double.store)] == ["accept"]


def test_what_one_could_not_send_is_not_said_by_the_next_person_at_this_browser(reviewed, enter):
    review = reviewed(reviewed().rows[:1], people=2)
    page = enter(review.address, "anna")
    page.route("**/decide", lambda route: route.abort())
    page.keyboard.press("r")
    page.keyboard.type("the sides are exchanged")
    page.keyboard.press("Enter")
    page.wait_for_selector("#message:not([hidden])")
    page.unroute("**/decide")
    for name, number in (("ben", 0), ("anna", 1)):
        page.context.clear_cookies()
        page.goto(review.address)
        page.fill("#name", name)
        page.keyboard.press("Enter")
        wait_until(page, f"document.getElementById('progress').textContent.startsWith('{name}: {number} by you')")
    assert [reviewer for reviewer, _, _ in review.said("reject")] == ["anna"]


def test_hostile_text_is_text(split, reviewed, enter):
    [row, *_] = answers_of_split(split, "test")[0]
    page = enter(reviewed([row.model_copy(update={"answer": HOSTILE, "caption1": HOSTILE})]).address, "<b>anna</b>")
    press(page, "c")
    assert page.locator("#answer .text").text_content() == HOSTILE
    assert page.locator(".caption").first.text_content() == HOSTILE
    assert page.text_content("#progress").startswith("<b>anna</b>: ")
    press(page, "e")
    page.keyboard.type(HOSTILE)
    page.wait_for_selector("#edited ins")
    assert page.title() == "adiff: review"


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_the_page_fits_its_screen_and_is_accessible(reviewed, enter, width, color_scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    page = enter(reviewed().address, "", width=width, color_scheme=color_scheme)
    page.wait_for_selector("#entry:not([hidden])")

    def look() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        violations = axe.run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations] == []

    look()
    page.fill("#name", "anna")
    page.keyboard.press("Enter")
    page.wait_for_selector("#row:not([hidden])")
    press(page, "c")
    look()
    page.click("#open-edit")
    page.fill("#edit", "Audio 1 is louder by 12 dB.")
    page.wait_for_selector("#edited .bad")
    look()


def start(split, demo_corpus, database, port: int) -> tuple[subprocess.Popen, str]:
    command = [sys.executable, "-m", "pipelines", "review", split, "--split", "test", "--audio-root", demo_corpus]
    command += ["--database", database, "--port", str(port)]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True, env=os.environ)
    address = next(line for line in process.stdout if line.startswith("the page: ")).split()[2]
    return process, address


def test_nothing_is_lost_when_the_server_is_killed(split, demo_corpus, enter, tmp_path):
    process, address = start(split, demo_corpus, tmp_path / "reviews.sqlite", 0)
    try:
        page = enter(address)
        press(page, "a")
        process.send_signal(signal.SIGKILL)
        process.wait()
        shown = page.text_content("#row-id")
        page.keyboard.press("a")
        page.wait_for_selector("#message:not([hidden])")
        process, _ = start(split, demo_corpus, tmp_path / "reviews.sqlite", int(address.rstrip("/").rpartition(":")[2]))
        wait_until(page, "document.getElementById('progress').textContent.includes('2 by you')")
        assert page.text_content("#row-id") != shown
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
