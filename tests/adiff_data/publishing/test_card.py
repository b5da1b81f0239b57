"""The card, its Croissant metadata and its plots."""

import logging

import mlcroissant
import pytest
from huggingface_hub import DatasetCard
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adiff_data.core.markdown import as_text, table
from adiff_data.publishing.publish import publish
from adiff_data.tiers import TIERS

HOSTILE = [
    '=HYPERLINK("http://evil")',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "| a | table | ![x](http://evil/x.png) `code` ---\n# heading",
    "bell \x07, escape \x1b[31m and right-to-left \u202egnirts\u202c",
    "---\nlicense: mit\n---",
    "1. a list, - another, > a quote",
    "x" * 1_000_000,
]


def rendered(markdown: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).disable("linkify").render(markdown)


@pytest.mark.slow
def test_the_front_matter_names_configs_splits_and_features(row, built, published):
    folder = published(built(*(row(split=split) for split in ("development", "evaluation")))).folder
    data = DatasetCard.load(folder / "README.md").data
    (config,) = data.configs
    assert config["config_name"] == "cld"
    assert [each["split"] for each in config["data_files"]] == ["train", "test"]
    assert (data.license, data.license_link) == ("other", "LICENSE.md")
    assert data.size_categories == ["n<1K"]
    assert {each["name"]: each["num_examples"] for each in data.dataset_info["splits"]} == {"train": 1, "test": 1}


@pytest.mark.slow
def test_the_card_tells_how_it_was_made(row, built, published):
    bad = row("bad.wav")
    made = {"model": "my-model", "prompt_version": "3"}
    rows = [row(f"{number}.wav", **made) for number in range(9)]
    folder = built(*rows, bad, failed=(bad.id,))
    card = (published(folder, allowed=("failed checks",)).folder / "README.md").read_text()
    assert "| `cld` | llm | my-model | 3 | 9 |" in card
    assert "| `cld` | 10 | 90.0% | 9 | 1 | 0 |" in card
    assert "| `cld` | talk | 1 | 90.00% |" in card
    assert "| `cld` | fewwords | 10 | 16.0 | 13 |" in card
    assert "Tampere University" in card
    assert "drossos2020clotho" in card


@pytest.mark.slow
def test_a_dash_in_the_card_is_explained_once_below_its_table(row, built, published):
    rules = {"annotator": "rules", "model": None, "prompt_version": None}
    card = (published(built(row("a.wav", **rules))).folder / "README.md").read_text()
    assert "| `cld` | rules | – | – | 1 |\n\n–: no language model was asked, or it is not recorded which.\n" in card
    assert card.count("no language model was asked") == 1


def test_numbers_in_tables_are_aligned_whatever_their_form():
    rule = table(("name", "rows", "passed", "mean"), [("a", 10, "90.0%", "1,016.0"), ("b", 9, "–", 2.5)]).split("\n")[1]
    assert rule == "| --- | ---: | ---: | ---: |"


@pytest.mark.slow
@pytest.mark.parametrize("title", [None, 'A "title" of its own/with a slash'])
def test_the_code_of_a_folders_card_loads_that_folder(row, built, run_card, tmp_path, title):
    folder = tmp_path / "out" / "my data"
    publish([built(row(), row(tier="detail"))], to=folder, name=title)
    plain, one_tier = (names["dataset"] for names in run_card(folder))
    assert (len(plain), len(one_tier)) == (2, 1)
    card = (folder / "README.md").read_text()
    assert "in the folder that holds “my data”" in card
    assert f"# {title or 'my data'}\n" in card


@pytest.mark.slow
def test_hostile_text_shows_as_text_and_breaks_nothing(row, built, published):
    rows = [
        row(f"{number}.wav", tier=tier, answer=text, captions=(text, "Wind."))
        for tier in TIERS
        for number, text in enumerate(HOSTILE)
    ]
    folder = published(built(*rows)).folder
    card = (folder / "README.md").read_text()
    data = DatasetCard.load(folder / "README.md").data
    assert data.license == "other"
    html = rendered(card.split("---\n", 2)[2])
    assert "<script" not in html
    assert "onerror" not in html.replace("onerror=alert(1)&gt;", "")
    assert "evil" not in "".join(part.split('"')[0] for part in html.split('src="')[1:])
    assert len(card) < 50_000
    assert [path.name for path in (folder / "cld").iterdir()] == ["test-00000-of-00001.parquet"]


@pytest.mark.slow
@given(st.text(max_size=200))
def test_foreign_text_is_one_paragraph_of_plain_text(text):
    html = rendered(f"> {as_text(text)}") if as_text(text) else "<blockquote>\n<p></p>\n</blockquote>\n"
    inner = html.removeprefix("<blockquote>\n<p>").removesuffix("</p>\n</blockquote>\n")
    assert "<" not in inner


@pytest.mark.slow
def test_croissant_is_valid_and_reads_the_rows(row, built, published, caplog):
    folder = published(built(row(), row(tier="detail"))).folder
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(folder / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    records = list(dataset.records("cld"))
    assert [record["cld/tier"] for record in records] == [0, 2]
    assert records[0]["cld/answer"].startswith(b"Audio 1 has rain")
    assert records[0]["cld/split"] == b"test"
    assert records[0]["cld/provenance"]["cld/provenance/annotator"] == b"llm"


@pytest.mark.slow
def test_the_plots_are_pictures_and_the_same_each_time(row, built, published):
    folder = built(*(row(f"{number}.wav", tier=tier) for tier in TIERS for number in range(3)))
    plots = published(folder).folder / "plots"
    before = {path.name: path.read_bytes() for path in plots.iterdir()}
    assert set(before) == {"words.png", "similarity.png"}
    assert all(content.startswith(b"\x89PNG") for content in before.values())
    assert published(folder).outcome == "unchanged"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a b"),
        ("<b>", "&lt;b&gt;"),
        ("\u202e", "U+202E"),
        ("- a", "\\- a"),
        ("2. a", "2\\. a"),
        ("2.5 a", "2.5 a"),
        ("*a*", r"\*a\*"),
    ],
)
def test_markup_is_escaped(text, shown):
    assert as_text(text) == shown
