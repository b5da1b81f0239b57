"""The text metrics against their reference scores, and on rows that can be computed by hand."""

import csv
from pathlib import Path

import numpy as np
import pytest

from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.ngrams import bleu, cider_d, rouge_l
from adiff_model.metrics.tokenization import Tokenizer, tokenize

PUBLISHED = Path(__file__).parents[4] / "shared/data/published/CLD/cld_validation_adiff_sentence_answer.csv"
REFERENCE = {  # ../shared/spice/README.md
    "BLEU": (0.469901, 0.328433, 0.251491, 0.198852),
    "METEOR": 0.202907,
    "ROUGE-L": 0.396508,
    "CIDEr-D": 0.169701,
}


@pytest.fixture(scope="module")
def published() -> tuple[list[str], list[list[str]]]:
    """500 published answers, each with the next row's as its prediction."""
    if not PUBLISHED.exists():
        pytest.skip("needs the published answers in ../shared/data")
    with PUBLISHED.open(encoding="utf-8", newline="") as table:
        answers = [row["answer"] for row, _ in zip(csv.DictReader(table), range(500), strict=False)]
    tokenized = tokenize(answers)
    return [*tokenized[1:], tokenized[0]], [[answer] for answer in tokenized]


@pytest.mark.slow
def test_bleu_of_the_published_rows(published):
    assert bleu(*published).corpus() == pytest.approx(REFERENCE["BLEU"], abs=1e-6)


@pytest.mark.slow
def test_meteor_of_the_published_rows(published):
    with Meteor() as meteor:
        assert meteor.score(*published)[0] == pytest.approx(REFERENCE["METEOR"], abs=1e-6)


@pytest.mark.slow
def test_rouge_l_of_the_published_rows(published):
    assert np.mean(rouge_l(*published)) == pytest.approx(REFERENCE["ROUGE-L"], abs=1e-6)


@pytest.mark.slow
def test_cider_d_of_the_published_rows(published):
    assert np.mean(cider_d(*published)) == pytest.approx(REFERENCE["CIDEr-D"], abs=1e-6)


def test_the_tokenizer_accepts_any_text():
    texts = ["A dog barks, then – rain!", "", "  two\nlines\r\n", "A dog barks, then – rain!", "Ärger „quoted“ 狗 <b>"]
    tokenized = tokenize(texts)
    assert tokenized[0] == tokenized[3]
    assert tokenized[0].startswith("a dog barks then")
    assert tokenized[1] == ""
    assert tokenized[2] == "two lines"
    assert "狗" in tokenized[4]


@pytest.mark.slow
def test_a_text_is_tokenized_once():
    tokenizer = Tokenizer()
    assert tokenizer(["A dog.", "Rain!", "A dog."]) == ["a dog", "rain", "a dog"]
    tokenizer._tokenized["Rain!"] = "kept"
    assert tokenizer(["Rain!", "Wind?"]) == ["kept", "wind"]


@pytest.mark.slow
def test_one_process_scores_several_sets():
    with Meteor() as meteor:
        first = meteor.score(["a dog barks"], [["the dog barks"]])
        meteor.score(["rain", "wind"], [["rain"], ["a siren"]])
        assert meteor.score(["a dog barks"], [["the dog barks"]]) == first


def test_the_reference_itself_scores_1_and_an_empty_text_0():
    references = [["a dog barks and then the rain falls"], ["a siren wails in the far distance"]]
    same = bleu([texts[0] for texts in references], references)
    assert same.corpus() == pytest.approx([1, 1, 1, 1], abs=1e-6)
    assert rouge_l([texts[0] for texts in references], references) == pytest.approx([1, 1])
    assert bleu(["", ""], references).corpus() == pytest.approx([0, 0, 0, 0], abs=1e-6)


def test_bleu_of_a_resample_is_that_of_its_rows_alone():
    predictions = ["a dog barks loudly", "rain falls on the roof", "wind"]
    references = [["a dog barks", "the dog barks loudly"], ["rain falls on a roof"], ["a siren"]]
    counts = bleu(predictions, references)
    alone = bleu([predictions[1], predictions[0]], [references[1], references[0]]).corpus()
    assert counts.corpus(np.array([[1, 0], [1, 0]])) == pytest.approx(np.stack([alone, alone]))


@pytest.mark.slow
def test_meteor_accepts_its_separator_in_a_text():
    with Meteor() as meteor:
        whole, rows = meteor.score(["a dog ||| barks", ""], [["a dog barks"], ["rain"]])
    assert rows[0] == pytest.approx(1.0, abs=0.05)
    assert rows[1] == 0
    assert 0 < whole < 1
