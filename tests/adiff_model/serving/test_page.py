"""The page, in a real browser: what a person sees and does at a desk and on a phone, and what it never does."""

import httpx2 as httpx
import pytest

from adiff_data.tiers import TIERS
from tests.adiff_model.serving.conftest import question

pytestmark = pytest.mark.slow

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HOSTILE_NAME = "<img src=x onerror=document.title='taken'>.wav"
SECONDS = 120_000  # ms
# Playwright's own waiting for a condition polls with eval, which the page's policy forbids.
IS_LOADED = """player => player.duration > 9 || new Promise((tell) => {
  player.addEventListener("durationchange", () => player.duration > 9 && tell(true));
  setTimeout(tell, 60000, false);
})"""


@pytest.fixture
def open_page(browser, address):
    """Opens the page; at the end, nothing may have gone wrong in it, and nothing been asked of another server."""
    pages, faults, requests = [], [], []

    def open_(viewport=DESK):
        page = browser.new_page(viewport=viewport)
        page.set_default_timeout(SECONDS)
        pages.append(page)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        return page

    yield open_
    for page in pages:
        page.close()
    assert faults == []
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_two_recordings_are_seen_heard_and_explained(open_page, recordings, adiff, viewport):
    page = open_page(viewport)
    assert page.locator("#explain").is_disabled()
    for side, recording in ((1, recordings[0]), (2, recordings[3])):
        page.set_input_files(f"#file{side}", str(recording))
        page.wait_for_selector(f"#picture{side}:visible")
        assert page.evaluate(f"document.getElementById('picture{side}').naturalWidth") > 100
        assert page.locator(f"#player{side}").evaluate(IS_LOADED)
    page.locator("#explain").press("Enter")
    page.wait_for_selector("#result:visible")
    texts = page.locator("#answers .answer > p:first-of-type").all_text_contents()
    assert texts == adiff.generate([[recordings[0], recordings[3], tier.request] for tier in TIERS.values()])
    labels = page.locator("#answers .answer > b").all_text_contents()
    assert labels == [tier.label for tier in TIERS.values()]
    assert page.locator("#answers mark").count() > 3
    assert page.locator("#heard .events li").count() > 1
    assert page.locator("#differences").text_content().startswith("Measured: ")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate("document.activeElement.id") == "result"

    page.set_input_files("#file2", str(recordings[5]))
    page.wait_for_selector("#result", state="hidden")  # what was said of another recording is gone


@pytest.mark.parametrize(("viewport", "color_scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_the_page_is_accessible_before_and_after_an_answer(open_page, recordings, viewport, color_scheme):
    """By axe: contrast, names of controls, headings, what the keyboard reaches."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    page = open_page(viewport)
    page.emulate_media(color_scheme=color_scheme)

    def violations() -> list[tuple[str, str]]:
        return [(fault["id"], fault["nodes"][0]["html"]) for fault in axe.run(page).response["violations"]]

    assert violations() == []
    for side, recording in ((1, recordings[0]), (2, recordings[3])):
        page.set_input_files(f"#file{side}", str(recording))
        page.wait_for_selector(f"#picture{side}:visible")
    page.locator("#explain").press("Enter")
    page.wait_for_selector("#result:visible")
    assert violations() == []


def test_what_is_no_recording_is_said_and_hostile_names_are_text(open_page, recordings, tmp_path):
    page = open_page()
    hostile = {"name": HOSTILE_NAME, "mimeType": "audio/wav", "buffer": b"RIFF" + bytes(100)}
    page.set_input_files("#file1", hostile)
    page.locator("#fault1", has_text="cannot be read as audio").wait_for()
    assert page.locator("#name1").text_content() == HOSTILE_NAME
    page.set_input_files("#file2", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no sound"})
    assert page.locator("#fault2").text_content() == "This is no WAV, MP3, FLAC or Ogg file."
    assert page.locator("#explain").is_disabled()
    assert page.title() == "adiff: how do two recordings differ?"


def test_the_page_is_used_with_a_keyboard_alone(open_page):
    page = open_page()
    order = []
    for _ in range(2):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id"))
    assert order == ["file1", "file2"]


def test_the_page_may_load_nothing_else(address):
    text = httpx.get(address).text
    assert "default-src 'none'" in text
    assert "https://" not in text
    assert "http://" not in text


def test_a_spectrogram_and_a_comparison_have_their_own_refusals(address, recordings):
    kind = {"content-type": "application/octet-stream"}
    drawn = httpx.post(f"{address}/spectrogram", content=recordings[0].read_bytes(), headers=kind)
    assert drawn.json()["picture"].startswith("data:image/jpeg;base64,")
    assert httpx.post(f"{address}/spectrogram", content=b"no sound", headers=kind).status_code == 400
    assert httpx.post(f"{address}/spectrogram", content=b"no sound").status_code == 415
    one = {"model": "tiny", "messages": question(recordings[0], recordings[0], recordings[0], "a")}
    assert httpx.post(f"{address}/compare", json=one).status_code == 400
