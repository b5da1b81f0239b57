from adiff_data.checks.over_dataset import DatasetReason, over_dataset
from tests.adiff_data.checks.conftest import GOOD, annotation


def outcomes(rows, name):
    return [next(f.outcome for f in findings if f.check == name) for findings in over_dataset(rows).by_row]


def test_a_clip_with_itself_fails():
    rows = [annotation(), annotation(one="Demo/s/a.wav", two="Demo/s/a.wav")]
    assert outcomes(rows, "self-pair") == ["pass", "fail"]


def test_the_answer_of_another_pair_fails_the_later_one():
    rows = [annotation(), annotation(caption1="A bell rings.", one="Demo/s/bell.wav")]
    assert outcomes(rows, "repeated") == ["pass", "fail"]


def test_the_same_answer_to_the_same_captions_is_only_said():
    assert outcomes([annotation(), annotation(one="Demo/s/other.wav")], "repeated") == ["pass", "undecided"]


def test_a_nearly_equal_answer_is_only_said():
    near = GOOD["sentence"].replace("tin roof", "steel roof").replace("at all", "ever")
    rows = [annotation(tier="sentence"), annotation(near, "sentence", caption1="A bell rings.")]
    near_only = GOOD["detail"].replace("lively", "calm")
    longer = [annotation(tier="detail"), annotation(near_only, "detail", caption1="A bell rings.")]
    assert outcomes(longer, "repeated") == ["pass", "undecided"]
    assert outcomes(rows, "repeated")[0] == "pass"


def test_of_two_answers_that_are_equally_near_the_earlier_is_named():
    answers = [GOOD["detail"].replace("lively", word) for word in ("lively", "calm", "quiet")]
    rows = [annotation(answer, "detail", caption1=answer[-20:], one=f"{n}.wav") for n, answer in enumerate(answers)]
    repeated = [findings[1] for findings in over_dataset(rows).by_row]
    assert [(finding.kind, dict(finding.arguments)) for finding in repeated[1:]] == [
        (DatasetReason.NEAR_ANSWER, {"row": 1}),
        (DatasetReason.NEAR_ANSWER, {"row": 1}),
    ]


def test_a_clip_in_two_splits_fails_in_both():
    rows = [
        annotation(split="train"),
        annotation(split="test", two="Demo/test/three.wav"),
        annotation(one="x", two="y"),
    ]
    assert outcomes(rows, "two splits") == ["fail", "fail", "pass"]


def test_openings_tiers_and_shared_captions_are_told():
    rows = [annotation(f"Audio 1 has {n} dogs; audio 2 has rain.", one=f"{n}.wav") for n in range(12)]
    rows += [annotation(tier="sentence", split="other", one="z", two="w")]
    notes = over_dataset(rows).notes
    assert "fewwords: 100% of the answers begin with 'audio 1 has' (many)" in notes
    assert "2 captions stand in two splits" in notes
    assert not any("balance" in note for note in notes)
    assert (
        "demo s: tiers out of balance (fewwords 1, sentence 2)"
        in over_dataset([annotation(), annotation(tier="sentence"), annotation(tier="sentence", one="q")]).notes
    )
