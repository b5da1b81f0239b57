import pytest

from adiff_data.checks.form import form
from adiff_data.tiers import TIERS
from tests.adiff_data.checks.conftest import GOOD, annotation


@pytest.mark.parametrize("tier", TIERS)
def test_a_good_answer_of_each_tier_passes(tier):
    assert form(annotation(tier=tier)).outcome == "pass"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "it is empty"),
        ("  \n ", "it is empty"),
        ("Audio 1: dog. Audio 2: rain.", "it is too short"),
        (GOOD["sentence"], "it is too long"),
        (GOOD["detail"], "it is too long"),
        (GOOD["fewwords"][:-8], "it is cut off"),
        (GOOD["fewwords"].rstrip("."), "it is cut off"),
        (GOOD["fewwords"].replace("; ", ".\n\n"), "it is not one paragraph"),
        (f"**Audio 1** {GOOD['fewwords']}", "it holds markup"),
        (f"<audio>{GOOD['fewwords']}</audio>", "it holds markup"),
        ('{"fewwords": "Audio 1 has a dog, audio 2 rain, and both are outdoors."}.', "it holds markup"),
        (
            "Audio eins enthält einen laut bellenden Hund, Audio zwei dagegen starken Regen auf einem Blechdach.",
            "English",
        ),
        ("在第一段录音中有狗叫声,而在第二段录音中有雨声。", "English"),
    ],
)
def test_what_is_no_answer_of_its_tier_fails(answer, reason):
    finding = form(annotation(answer))
    assert finding.outcome == "fail"
    assert reason in finding.reason


@pytest.mark.parametrize(
    ("wrapping", "shown"),
    [
        ("Let me see.</think> {}", "it holds markup (</think>)"),
        ("[THINK]hm[/THINK] {}", "it holds what is no text ([THINK])"),
        ("analysisWe need a sentence.assistantfinal{}", "it holds what is no text (assistantfinal)"),
        ("{}<|im_end|>", "it holds what is no text (<|im_end|>)"),
        ("assistant: {}", "it holds more than the answer (assistant:)"),
        ("Few words: {}", "it holds more than the answer (Few words:)"),
        ("{} (28 words)", "it holds more than the answer ((28 words))"),
        ('"{}"', 'it holds more than the answer (")'),
        ("\ufeff{}", "it holds more than the answer (\\ufeff)"),
        ("{}\u2028", "it holds more than the answer (\\u2028)"),
        ("{}\x00", "it holds more than the answer (\\x00)"),
        ("{} \ufffd", "it holds what is no text (\\ufffd)"),
    ],
)
def test_what_stands_around_an_answer_fails_it(wrapping, shown):
    """In anybody's answers: those that `annotate` itself asked for were freed of it."""
    assert form(annotation(wrapping.format(GOOD["fewwords"]))).reason == shown


def test_a_row_that_got_no_answer_says_why():
    finding = form(annotation("", failure="refused by the model"))
    assert finding.reason == "there is no answer (refused by the model)"
