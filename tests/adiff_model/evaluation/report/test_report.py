"""The report, in a real browser: what a person sees and does at a desk and on a phone, and what it never does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adiff_model.evaluation.evaluate import REPORT, evaluate
from tests.predictions import write_predictions

pytestmark = pytest.mark.slow

HOSTILE = (
    "<img src=x onerror=\"document.title='taken'\"></script><script>document.title='taken'</script> $legend ${rows} "
    "{{ 7 * 7 }} <!-- \u2028 \u2029 \x00"
)
HOSTILE_NAME = "<b id=taken>rules</b>"
FONT_SIZE = "element => parseFloat(getComputedStyle(element).fontSize)"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def report(predictions, demo_corpus, tmp_path_factory) -> Path:
    """Two systems: the rules, and one whose first answer is hostile, the second empty and the others another row's."""
    texts = [HOSTILE, "", *(row.prediction for row in predictions[4:]), *(row.prediction for row in predictions[:2])]
    other = [row.model_copy(update={"prediction": text}) for row, text in zip(predictions, texts, strict=True)]
    folder = tmp_path_factory.mktemp("report")
    paths = [write_predictions(folder / "rules.jsonl", predictions), write_predictions(folder / "other.jsonl", other)]
    (folder / "other.run.json").write_text('{"checkpoint": "other.ckpt", "best_of": 4}')
    evaluate(paths, out=folder, audio_root=demo_corpus, spice=False, browse=12)
    return folder / REPORT


@pytest.fixture
def open_page(browser, report):
    """Opens the report; at the end, nothing may have gone wrong in it, and nothing been asked from elsewhere."""
    pages, faults, requests = [], [], []

    def open_(viewport=DESK, color_scheme="light", path=report, **options):
        page = browser.new_page(viewport=viewport, color_scheme=color_scheme, **options)
        pages.append(page)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("article")
        return page

    yield open_
    for page in pages:
        page.close()
    assert faults == []
    assert [url for url in requests if not url.startswith(("data:", "file:"))] == []


def test_a_person_can_hear_sort_and_filter_the_rows(open_page):
    page = open_page()
    assert page.locator("article").count() == 10
    players = page.locator("article audio")
    assert players.count() == 20
    wait_until(page, "[...document.querySelectorAll('audio')].every(player => player.duration > 9)")
    assert page.evaluate("[...document.querySelectorAll('article img')].every(picture => picture.naturalWidth > 100)")

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


def test_hostile_text_is_text(open_page):
    page = open_page()
    page.fill("#find", "onerror")
    shown = page.locator("article").first.text_content()
    assert HOSTILE.replace("\x00", "") in shown.replace("\x00", "")
    assert page.title().startswith("adiff: evaluation of rules, other")


def test_hostile_names_are_text_everywhere(open_page, predictions, tmp_path):
    systems = {HOSTILE_NAME: predictions, "</script>\u2028": predictions}
    evaluate(systems, out=tmp_path, spice=False, browse=1)
    page = open_page(path=tmp_path / REPORT)
    assert page.locator("#taken").count() == 0
    assert HOSTILE_NAME in page.locator("h1").text_content()
    assert page.locator(".scores tbody th").first.text_content() == HOSTILE_NAME


def test_the_file_holds_all_that_it_shows(report):
    text = report.read_text(encoding="utf-8")
    assert "<img src=x" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in text
    assert "data:audio/ogg;base64," in text
    assert not {"\u2028", "\u2029"} & set(text)


def test_what_a_reader_came_for_stands_first(open_page):
    page = open_page()
    order = page.eval_on_selector_all("main section", "sections => sections.map(section => section.id)")
    assert order == ["summary", "scores", "truth", "claims", "browse", "tables", "plots", "about"]
    assert "Nearest to the references, by CIDEr-D: rules in every tier." in flat(page.locator("#summary"))
    assert page.locator("#scores figure.tier").count() == 2
    assert page.locator("#truth figure.tier").count() == 2
    first_picture = page.locator("#scores figure").first.bounding_box()
    assert first_picture["y"] < DESK["height"]


def test_the_page_names_files_checkpoint_date_and_rows(open_page, report):
    header = flat(open_page().locator("main > header"))
    assert str(report.parent / "rules.jsonl") in header
    assert "made by other.ckpt, best of 4 answers" in header
    assert "24 in 2 tiers of demo" in header
    assert str(datetime.now(UTC).year) in header


def test_a_missing_score_is_a_dash_and_its_reason_a_note(open_page):
    page = open_page()
    text = flat(page.locator("main"))
    assert text.count("left out, as asked") == 1
    cell = page.locator("#tables tbody tr").first.locator("td").nth(7)
    assert cell.inner_text().startswith("–")
    note = page.locator(cell.locator("a").get_attribute("href"))
    assert flat(note).partition(" ")[2] == "SPICE, SPIDEr: left out, as asked"


def test_numbers_are_aligned_and_the_best_of_a_column_is_marked(open_page):
    page = open_page()
    for cell in page.locator("#tables .scores td").all():
        style = cell.evaluate("cell => [getComputedStyle(cell).textAlign, getComputedStyle(cell).fontVariantNumeric]")
        assert style == ["right", "lining-nums tabular-nums"]
    best = page.locator("#tables .scores").first.locator("td.best")
    assert best.count() == 7
    assert best.first.locator("xpath=..").locator("th").inner_text() == "rules"
    assert re.fullmatch(r"\d+\.\d", best.first.locator(".value").inner_text())
    assert re.fullmatch(r"\d+\.\d – \d+\.\d", best.first.locator(".interval").inner_text())
    value, interval = (best.first.locator(name).evaluate(FONT_SIZE) for name in (".value", ".interval"))
    assert interval < value


def test_at_a_desk_every_table_is_seen_whole(open_page):
    tables = open_page().locator(".wide")
    hidden = tables.evaluate_all("tables => tables.map(table => table.scrollWidth - table.clientWidth)")
    assert set(hidden) == {0}


def test_plots_of_one_tier_stand_side_by_side_and_leave_no_room(open_page):
    page = open_page()
    for charts in page.locator("#plots .charts").all():
        edge = charts.evaluate("charts => charts.getBoundingClientRect().right")
        plots = [plot.bounding_box() for plot in charts.locator("svg").all()]
        assert plots[-1]["x"] + plots[-1]["width"] == pytest.approx(edge, abs=1)
        assert len({round(plot["y"]) for plot in plots}) == 1


def test_every_metric_says_which_scores_are_better(open_page):
    page = open_page()
    headings = page.locator("#summary thead th, #tables thead th").all_text_contents()
    told = [heading for heading in headings if re.search(r"(higher|lower) is better", heading)]
    assert len(headings) - len(told) == 1 + 6  # tier, and the systems of three tables in two tiers
    assert all("lower" in heading for heading in told if "contradicted" in heading)


def test_claims_are_underlined_in_each_answer_with_what_they_claim(open_page):
    page = open_page()
    answer = page.locator("#rows .answer").first
    marks = answer.locator("mark")
    assert marks.count() >= 2
    assert {mark.get_attribute("class") for mark in marks.all()} <= {"true", "contradicted", "invented", "undecided"}
    assert re.fullmatch(r"(true|undecided): .+", marks.first.get_attribute("title"))
    styles = {
        name: page.locator(f"#claims mark.{name}").evaluate("mark => getComputedStyle(mark).textDecorationStyle")
        for name in ("true", "contradicted", "invented", "undecided")
    }
    assert len(set(styles.values())) == 4  # told apart without colour


def test_a_leaderboard_with_nothing_to_compare_is_left_out(open_page):
    page = open_page()
    assert page.locator("#leaderboard, a[href='#leaderboard']").count() == 0


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_filters_and_page_survive_a_reload(open_page, viewport):
    page = open_page(viewport)
    unfold_filters(page)
    page.select_option("#system", label="other")
    page.select_option("#sort", "ROUGE-L")
    page.select_option("#direction", "down")
    page.click("#after")
    before = page.locator("article code").last.text_content()
    page.reload()
    page.wait_for_selector("article")
    assert page.locator("#system").evaluate("select => select.selectedOptions[0].label") == "other"
    assert (page.input_value("#sort"), page.input_value("#direction")) == ("ROUGE-L", "down")
    assert page.locator("#page").text_content() == "2 of 3"
    assert page.locator("article code").last.text_content() == before

    unfold_filters(page)
    page.fill("#find", "rain & 50 % ünïcode #?")
    wait_until(page, "location.hash.includes('find=')")
    page.reload()
    page.wait_for_selector(".empty")
    assert page.input_value("#find") == "rain & 50 % ünïcode #?"


def test_an_address_that_says_nonsense_shows_all_rows(open_page):
    page = open_page()
    for hash_ in ("browse?group=nowhere&page=-3&sort=__proto__", "?page=NaN", "%E0%A4%A?find", "<b>?system=99"):
        page.evaluate("hash => { location.hash = hash; }", hash_)
        wait_until(page, "document.getElementById('count').textContent === '24 of 24 rows'")
        assert page.locator("article").count() == 10


def test_contents_keep_the_filters(open_page):
    page = open_page()
    page.select_option("#group", "demo sentence")
    page.click(".contents a[href='#tables']")
    assert page.url.endswith("#tables?group=demo+sentence")
    page.reload()
    page.wait_for_selector("article")
    assert page.locator("#count").text_content() == "12 of 24 rows"


def test_an_empty_filter_says_so_and_can_be_cleared(open_page):
    page = open_page()
    page.fill("#find", "no such text")
    assert page.locator("article").count() == 0
    assert "No row fits" in page.locator("#rows").inner_text()
    page.get_by_role("button", name="Clear the filters").click()
    assert page.locator("article").count() == 10
    assert "?" not in page.url


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("section", ["scores", "truth", "plots"])
def test_a_plot_can_be_enlarged(open_page, viewport, section):
    page = open_page(viewport)
    figure = page.locator(f"#{section} figure").first
    small = figure.locator("svg").first.bounding_box()["width"]
    figure.get_by_role("button", name="Enlarge").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    assert page.locator("dialog[open] svg").first.bounding_box()["width"] > 1.2 * small
    assert page.locator("dialog[open] h2").inner_text().lower().endswith("few words")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    figure.locator("svg").first.click()
    box = page.locator("dialog[open]").bounding_box()
    assert box["width"] >= 0.9 * viewport["width"]
    assert box["height"] >= 0.9 * viewport["height"]
    page.get_by_role("button", name="Close").click()
    assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_fits_its_screen_and_is_accessible(open_page, viewport, color_scheme):
    """By axe: contrast (AA), names of controls, headings, tables, what the keyboard reaches."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    page = open_page(viewport, color_scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    violations = axe.run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations] == []


def test_the_dark_page_is_dark_and_its_plots_are_bright(open_page):
    def brightness(scheme):
        page = open_page(color_scheme=scheme)
        colors = page.evaluate(
            "['body', '.dots'].map(name => getComputedStyle(document.querySelector(name)))"
            ".map((style, number) => number ? style.stroke : style.backgroundColor)"
        )
        return [sum(map(int, re.findall(r"\d+", color)[:3])) for color in colors]

    light_page, light_dots = brightness("light")
    dark_page, dark_dots = brightness("dark")
    assert (light_page, dark_dots) > (600, 400)
    assert (dark_page, light_dots) < (150, 400)


def test_on_a_phone_the_filters_unfold_and_say_how_many_are_set(open_page):
    page = open_page(PHONE, has_touch=True)
    toggle = page.get_by_role("button", name="Filter")
    assert not page.locator("#controls").is_visible()
    toggle.tap()
    page.select_option("#group", "demo sentence")
    assert page.locator("#count").inner_text() == "12 of 24 rows"
    assert toggle.inner_text().startswith("Filter (1)")
    toggle.tap()
    assert not page.locator("#controls").is_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_filter_that_leaves_nothing_is_seen_from_wherever_it_is_set(open_page, viewport):
    page = open_page(viewport)
    unfold_filters(page)
    page.locator("article").nth(8).scroll_into_view_if_needed()
    page.fill("#find", "no such text")
    message = page.locator(".empty").bounding_box()
    assert 0 < message["y"] < viewport["height"]


def test_a_link_to_a_note_keeps_the_filters(open_page):
    page = open_page()
    page.select_option("#group", "demo sentence")
    link = page.locator("#tables .ref").first
    link.click()
    page.wait_for_selector(f"{link.get_attribute('href')}:focus")
    page.reload()
    page.wait_for_selector("article")
    assert page.locator("#count").text_content() == "12 of 24 rows"


def test_on_a_phone_bars_are_small_and_contents_fold(open_page):
    page = open_page(PHONE, has_touch=True)
    page.locator("article").nth(3).scroll_into_view_if_needed()
    bars = [page.locator(name).bounding_box() for name in (".contents", ".filters")]
    assert sum(bar["height"] for bar in bars) < PHONE["height"] / 8
    assert bars[0]["y"] == 0  # they stay
    assert bars[1]["y"] == bars[0]["height"]
    link = page.locator(".contents a[href='#tables']")
    assert not link.is_visible()
    page.locator(".contents summary").tap()
    link.tap()
    assert not link.is_visible()
    wait_until(page, "Math.abs(document.getElementById('tables').getBoundingClientRect().top) < 100")


def test_at_a_desk_contents_stay_beside_the_text(open_page):
    page = open_page()
    page.locator("#about").scroll_into_view_if_needed()
    links = page.locator(".contents a")
    assert links.count() == 8
    assert all(0 < link.bounding_box()["y"] < DESK["height"] for link in links.all())
    page.wait_for_selector(".contents a[aria-current='true'][href='#about']")


def wait_until(page, expression: str) -> None:
    """Waits until an expression of the page is true; the page's own policy forbids Playwright to ask in the page."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def unfold_filters(page) -> None:
    """On a phone they are folded at first."""
    if not page.locator("#controls").is_visible():
        page.locator("#toggle").click()


def flat(locator) -> str:
    """What a person reads, on one line."""
    return " ".join(locator.inner_text().split())
