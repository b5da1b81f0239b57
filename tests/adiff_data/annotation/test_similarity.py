"""What both audios share: asked only where something is known of it, by the rules and by a model."""

import itertools
import json
from collections import Counter

import pytest

from adiff_data import annotate, check, make_pairs, read_clips
from adiff_data.annotation.rules import similarity
from adiff_data.annotation.tasks import tiers_to_ask
from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.core.errors import InputError
from adiff_data.records import Clip, Pair, make_pair
from adiff_data.tiers import TIERS
from tests.chat_server import ChatServer

CAPTIONS = ("A dog barks in a yard.", "A dog growls and a car passes.", "Birds chirp.", "A violin plays a tune.")
KINDS = (*TIERS, "similarity")


def pair_of(caption1: str, caption2: str, place: int = 0) -> Pair:
    first, second = (
        Clip(corpus="demo", split="s", filepath=f"Demo/s/{place}-{side}.wav", captions=(caption,))
        for side, caption in enumerate((caption1, caption2))
    )
    return make_pair(first, second, caption1, caption2, strategy="similar")


def pairs() -> list[Pair]:
    return [pair_of(*captions, place) for place, captions in enumerate(itertools.combinations(CAPTIONS, 2))]


def measured(**given) -> Facts:
    plain = dict.fromkeys(FACT_NAMES) | {"duration": 10.0, "active": 1.0, "longest_silence": 0.0, "onsets": 1.0}
    return Facts(**{**plain, "loudness": -23.0, "centroid": 900.0, "pitch": 200.0, "flatness": 0.1, **given})


def test_a_pair_is_asked_where_its_captions_its_facts_or_its_making_tell_of_something_shared():
    alike = PairFacts(measured(), measured())
    unlike = PairFacts(measured(), measured(loudness=-40.0, pitch=500.0, centroid=4000.0))
    dogs, dog_and_violin = pair_of(CAPTIONS[0], CAPTIONS[1]), pair_of(CAPTIONS[0], CAPTIONS[3])
    assert tiers_to_ask(dogs, KINDS) == KINDS
    assert tiers_to_ask(dog_and_violin, KINDS) == tuple(TIERS)
    assert tiers_to_ask(dog_and_violin, KINDS, alike) == KINDS
    assert tiers_to_ask(dog_and_violin, ("similarity",), unlike) == ()


def test_the_rules_write_the_tiers_of_all_and_the_similarity_of_some():
    rows = annotate(pairs(), annotator="rules", tiers=KINDS)
    by_tier = Counter(row.tier for row in rows)
    assert by_tier == dict.fromkeys(TIERS, 6) | {"similarity": 3}
    assert {row.input for row in rows if row.tier == "similarity"} == {"explain the similarity of the two audios"}
    assert check(rows, attribution="words").passed == len(rows)


def test_recordings_in_which_nothing_differs_are_said_to_sound_the_same():
    facts = PairFacts(measured(), measured())
    answers = [similarity.answer(pair_of("A dog barks.", "a dog barks", place), facts) for place in range(10)]
    assert len(set(answers)) > 5
    for answer in answers:
        assert "dog" in answer.lower()


def test_where_no_pair_shares_anything_it_says_so():
    with pytest.raises(InputError, match="no pair has anything in common that is known"):
        annotate([pair_of(CAPTIONS[0], CAPTIONS[3])], annotator="rules", tiers=("similarity",))


def test_it_is_added_to_a_file_of_the_three_tiers(tmp_path):
    out = tmp_path / "annotations.jsonl"
    before = {row.id for row in annotate(pairs(), annotator="rules", out=out)}
    after = {row.id for row in annotate(pairs(), annotator="rules", out=out, tiers=KINDS)}
    assert before < after
    assert all(new.endswith("-similarity") for new in after - before)
    assert {row.id for row in annotate(pairs(), annotator="rules", out=out)} == before
    assert {json.loads(line)["id"] for line in out.read_text().splitlines()} == after


@pytest.mark.parametrize("tiers_per_call", ["one", "all"])
def test_a_model_is_asked_what_both_share_and_told_to_make_up_no_difference(tiers_per_call):
    def script(asked):
        answers = {tier: f"Both audios have a dog, says {tier} {asked.number}." for tier in asked.tiers}
        return json.dumps(answers) if asked.tiers else f"Both audios have a dog in them ({asked.number})."

    with ChatServer(script=script) as server:
        rows = annotate(
            pairs()[:1], model="m", base_url=server.url, api_key="k", tiers=KINDS, tiers_per_call=tiers_per_call
        )
    assert Counter(row.tier for row in rows) == dict.fromkeys(KINDS, 1)
    asked = [json.dumps(body["messages"]) for body in server.requests]
    about_both = [text for text in asked if "what audio 1 and audio 2 have in common" in text]
    assert len(about_both) == 1
    assert "make up no difference" in about_both[0]
    versions = {row.tier: row.provenance.prompt_version for row in rows}
    assert versions["similarity"] == "similarity_v1"
    assert versions["fewwords"] == ("v1" if tiers_per_call == "one" else "similarity_v1")


@pytest.mark.slow
def test_answers_on_real_captions_pass_their_checks_and_differ(shared):
    clips = read_clips("clotho", shared / "captions" / "clotho", "validation")
    similar = make_pairs(clips, strategy="similar", seed=1, limit=250)
    rows = annotate(similar, annotator="rules", tiers=("similarity",))
    report = check(rows, attribution="words")
    assert len(rows) > 100
    assert report.passed >= 0.98 * len(rows)
    openings = Counter(" ".join(row.answer.split()[:3]) for row in rows)
    assert openings.most_common(1)[0][1] < 0.25 * len(rows)
