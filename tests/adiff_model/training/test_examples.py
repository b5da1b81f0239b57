"""What the model is shown: tasks by their shares, prompts from the paraphrases, the same draw for the same step."""

from collections import Counter
from dataclasses import replace

import pytest

from adiff_data.core.errors import InputError
from adiff_model.training.examples import Examples
from adiff_model.training.prompts import PROMPTS, canonical, tasks_to_learn
from adiff_model.training.settings import SHARES

EVEN = dict.fromkeys(PROMPTS, 1.0)


def test_tasks_are_drawn_by_their_shares(rows):
    examples = Examples(rows, {"fewwords": 3.0, "detail": 1.0, "caption2": 4.0, "sentence": 0.0}, seed=0)
    drawn = Counter(examples.draw(1, step)[0].task for step in range(4000))
    assert set(drawn) == {"fewwords", "detail", "caption2"}
    for task, share in (("fewwords", 3 / 8), ("detail", 1 / 8), ("caption2", 4 / 8)):
        assert drawn[task] / 4000 == pytest.approx(share, abs=0.03)


def test_a_draw_follows_from_seed_and_place_alone(rows):
    one, other = Examples(rows, EVEN, seed=1), Examples(rows, EVEN, seed=1)
    one.draw(8, 0, 0, 0)
    assert one.draw(8, 5, 1, 0) == other.draw(8, 5, 1, 0)
    draws = {tuple(other.draw(8, *place)) for place in ((5, 1, 0), (6, 1, 0), (5, 0, 0), (5, 1, 1))}
    assert len(draws) == 4
    assert Examples(rows, EVEN, seed=2).draw(8, 5, 1, 0) != other.draw(8, 5, 1, 0)


def test_rows_are_drawn_by_their_weights(rows):
    heavy, light = replace(rows[0], answer="often", weight=3.0), replace(rows[0], answer="seldom")
    examples = Examples([light, heavy], {rows[0].tier: 1.0}, seed=0)
    drawn = Counter(example.answer for step in range(50) for example in examples.draw(40, step))
    assert drawn["often"] / 2000 == pytest.approx(0.75, abs=0.03)


def test_every_paraphrase_is_asked_in_training_and_the_published_one_in_validation(rows):
    examples = Examples(rows, EVEN, seed=0)
    asked = {(own.task, own.prompt) for step in range(600) for own in examples.draw(8, step)}
    assert asked == {(task, prompt) for task, own in PROMPTS.items() for prompt in own}
    assert {own.prompt for task in examples.fixed(2) for own in task} == {canonical(task) for task in PROMPTS}


def test_position_captions_are_those_of_the_clips(rows):
    row = replace(rows[0], caption1="one.", caption2="two.", tier="fewwords")
    answers = {
        own[0].task: own[0].answer for own in Examples([row], {"caption1": 1, "caption2": 1, "captions": 1}, 0).fixed(1)
    }
    assert answers == {"caption1": "one.", "caption2": "two.", "captions": "Audio 1: one. Audio 2: two."}


def test_a_task_without_rows_is_refused(rows):
    with pytest.raises(InputError, match="detail"):
        Examples([row for row in rows if row.tier != "detail"], EVEN, seed=0)


def test_a_training_learns_of_similarity_only_where_it_is_asked():
    """A task more would change the weights of every model that is trained without it."""
    assert tasks_to_learn(SHARES) == ("fewwords", "sentence", "detail", "caption1", "caption2", "captions")
    assert tasks_to_learn(("detail", "similarity")) == (*tasks_to_learn(()), "similarity")
