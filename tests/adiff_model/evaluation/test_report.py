"""The report, in a real browser: what a person sees, and what the page does not do."""

import shutil
from pathlib import Path

import pytest

from adiff_model.evaluation.evaluate import REPORT, evaluate
from tests.predictions import write_predictions

pytestmark = pytest.mark.slow

HOSTILE = (
    "<img src=x onerror=\"document.title='taken'\"></script><script>document.title='taken'</script> $legend ${rows}"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra dev")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def report(predictions, demo_corpus, tmp_path_factory) -> Path:
    """Two systems: the rules, and one whose first answer is hostile, the second empty and the others another row's."""
    texts = [HOSTILE, "", *(row.prediction for row in predictions[4:]), *(row.prediction for row in predictions[:2])]
    other = [row.model_copy(update={"prediction": text}) for row, text in zip(predictions, texts, strict=True)]
    folder = tmp_path_factory.mktemp("report")
    paths = [write_predictions(folder / "rules.jsonl", predictions), write_predictions(folder / "other.jsonl", other)]
    evaluate(paths, out=folder, audio_root=demo_corpus, spice=False, browse=12)
    return folder / REPORT


def test_a_person_can_hear_sort_and_filter_the_rows(browser, report):
    page = browser.new_page()
    faults, asked = [], []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector("article audio")

    assert page.locator("article").count() == 10
    players = page.locator("article audio")
    assert players.count() == 20
    page.wait_for_function("[...document.querySelectorAll('audio')].every(element => element.duration > 9)")
    assert page.evaluate("[...document.querySelectorAll('article img')].every(element => element.naturalWidth > 100)")

    page.select_option("#system", label="other")
    page.select_option("#sort", "ROUGE-L")
    scores = page.locator("article .answer[data-system='other'] .tag", has_text="ROUGE-L")
    values = [float(text.split()[-1]) for text in scores.all_text_contents()]
    assert values == sorted(values)
    assert values[0] < values[-1]

    page.select_option("#failure", "empty")
    assert page.locator("article").count() == 1
    assert page.locator("article", has_text="(no prediction)").count() == 1
    page.select_option("#failure", "all")
    page.select_option("#group", "demo sentence")
    assert page.locator("#count").text_content() == "12 of 24 rows"
    page.click("#after")
    assert page.locator("article").count() == 2

    page.select_option("#group", "all")
    page.fill("#find", "onerror")
    assert HOSTILE in page.locator("article").first.text_content()
    assert page.title().startswith("adiff: evaluation of rules, other")
    assert faults == []
    assert [url for url in asked if not url.startswith(("data:", report.as_uri()))] == []
    page.close()


def test_the_file_holds_all_that_it_shows(report):
    text = report.read_text(encoding="utf-8")
    assert "<img src=x" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in text
    assert "data:audio/ogg;base64," in text
    assert "p=" in text
