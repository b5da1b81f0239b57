"""An answer is broken as much as was asked for, and nowhere else."""

from difflib import SequenceMatcher

import pytest

from adiff_data.claims.comparisons import comparisons as comparisons_in
from adiff_model.evaluation.metric_trial.answers import other_words, right_answer
from adiff_model.evaluation.metric_trial.damages import FAULTS, Damage, Degree, TrialRow, broken_answers
from adiff_model.prediction_file import Task

PAIRS = (
    ("A dog barks, then rain falls.", "A siren sounds while birds sing."),
    ("A clock ticks.", "A helicopter flies, then an audience applauds."),
    ("A baby cries.", "A chainsaw buzzes as a church bell rings."),
    ("Thunder rumbles.", "A rooster crows, followed by a train horn."),
)
COMPARISONS = [("louder", 1), ("brighter", 2), ("busier", 1)]


@pytest.fixture
def few_rows() -> list[TrialRow]:
    tasks = [
        Task(
            id=str(number), filepath1="1.wav", filepath2="2.wav", tier="detail", prompt="", references=("…",),
            caption1=caption1, caption2=caption2,
        )
        for number, (caption1, caption2) in enumerate(PAIRS)
    ]  # fmt: skip
    return [TrialRow(task, right_answer(task, COMPARISONS)) for task in tasks]


def changed_words(right: str, broken: str) -> list[tuple[str, str]]:
    """What stands in place of what."""
    first, second = right.lower().rstrip(".").split(), broken.lower().rstrip(".").split()
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return [
        (" ".join(first[a:b]), " ".join(second[c:d])) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"
    ]


def test_an_event_on_the_other_side_changes_the_name_of_its_audio_alone(few_rows):
    for row, broken in zip(few_rows, broken_answers(few_rows), strict=True):
        names = {word for name in row.answer.names for word in name.split()}
        for degree, number in ((Degree.ONE, 1), (Degree.TWO, 2)):
            changes = changed_words(row.answer.text(), broken[Damage.MOVED][degree])
            assert len(changes) == number
            assert {word.strip(",") for change in changes for part in change for word in part.split()} <= names


def test_turned_comparisons_say_the_opposite_of_as_many_as_was_asked(few_rows):
    for broken in broken_answers(few_rows):
        for degree, number in ((Degree.ONE, 1), (Degree.TWO, 2), (Degree.ALL, 3)):
            made = {(claim.quality, claim.audio) for claim in comparisons_in(broken[Damage.TURNED][degree])}
            assert len(made) == 3
            assert len(made - set(COMPARISONS)) == number


def test_dropped_and_invented_events_leave_all_other_words_as_they_are(few_rows):
    for row, broken in zip(few_rows, broken_answers(few_rows), strict=True):
        dropped = changed_words(row.answer.text(), broken[Damage.DROPPED][Degree.ONE])
        assert len(dropped) <= 2  # a joint may go with it
        assert sum(len(new.split()) for _, new in dropped) <= 1  # its end is that of the sentence
        invented = changed_words(row.answer.text(), broken[Damage.INVENTED][Degree.ONE])
        assert [old for old, _ in invented] == [""]


def test_an_exchanged_event_is_one_of_another_row(few_rows):
    for row, broken in zip(few_rows, broken_answers(few_rows), strict=True):
        ((_, new),) = changed_words(row.answer.text(), broken[Damage.EXCHANGED][Degree.ONE])[:1]
        assert new
        assert new not in row.answer.text().lower()


def test_a_paraphrase_words_every_claim_anew_and_makes_the_same_comparisons(few_rows):
    for row, broken in zip(few_rows, broken_answers(few_rows), strict=True):
        paraphrase = broken[Damage.PARAPHRASED][Degree.ALL]
        assert len(changed_words(row.answer.text(), paraphrase)) >= len(row.answer.claims)
        assert {(made.quality, made.audio) for made in comparisons_in(paraphrase)} == set(COMPARISONS)


def test_a_paraphrase_takes_an_event_in_the_words_of_another_caption_of_its_clip(few_rows):
    task = few_rows[0].task
    captions = {"1.wav": [task.caption1, "A small dog is barking."], "2.wav": [task.caption2]}
    row = TrialRow(task, few_rows[0].answer, other_words(task, captions))
    paraphrase = broken_answers([row, *few_rows[1:]])[0][Damage.PARAPHRASED][Degree.ALL]
    assert "a small dog is barking" in paraphrase.lower()
    assert "rain falls" in paraphrase


def test_what_both_audios_have_is_on_no_wrong_side(few_rows):
    task = few_rows[0].task.model_copy(update={"caption2": "A dog barks in the distance while rain falls."})
    rows = [TrialRow(task, right_answer(task, [])), *few_rows[1:]]
    assert Damage.MOVED not in broken_answers(rows)[0]


def test_an_event_that_an_audio_has_and_the_answer_leaves_out_is_no_fault(few_rows):
    """Few words leave no room for all events, and these are no wrong ones."""
    task = few_rows[0].task.model_copy(update={"caption2": "A siren sounds as birds sing and thunder rumbles."})
    told = few_rows[0].answer  # without thunder
    broken = broken_answers([TrialRow(task, told), *few_rows[1:]])[0]
    texts = (broken[Damage.EXCHANGED][Degree.ALL], broken[Damage.INVENTED][Degree.ALL])
    assert not any("thunder" in text for text in texts)


def test_a_row_with_too_few_claims_is_left_out_of_that_damage_alone(few_rows):
    task = few_rows[1].task
    rows = [TrialRow(task, right_answer(task, COMPARISONS[:1])), *few_rows[2:]]
    broken = broken_answers(rows)
    assert Damage.TURNED not in broken[0]
    assert {Damage.MOVED, Damage.EXCHANGED, Damage.DROPPED, Damage.INVENTED} <= set(broken[0])
    assert Damage.TURNED in broken[1]


def test_a_single_row_has_no_other_rows_answer(few_rows):
    assert set(broken_answers(few_rows[:1])[0]) & {Damage.OTHER_ROW, Damage.EXCHANGED, Damage.INVENTED} == set()


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["fewwords", "sentence", "detail"])
def test_most_of_the_demo_can_be_broken_in_every_way(rows, tier):
    of_tier = [row for row in rows if row.task.tier == tier]
    broken = broken_answers(of_tier)
    asked = [damage for damage in FAULTS if damage is not Damage.TURNED]  # few words hardly compare
    assert len(of_tier) == 100
    assert all(sum(damage in answers for answers in broken) >= 67 for damage in asked)
