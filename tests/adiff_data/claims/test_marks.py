"""What is said of an answer's claims where their words are underlined."""

from adiff_data.claims import caption_words, truth_of_captions
from adiff_data.claims.judged import judged_claims
from adiff_data.claims.marks import claim_marks


def notes_on(answer: str, caption1: str, caption2: str) -> dict[str, str]:
    truth = truth_of_captions(caption1, caption2, caption_words)
    marks = claim_marks(answer, judged_claims(answer, truth, caption_words))
    return {answer[mark.start : mark.end]: mark.note for mark in marks}


def test_an_event_is_called_as_the_answer_calls_it():
    notes = notes_on("Audio 1 has no bubbles, while bubbling water runs in audio 2.", "Bubbles rise.", "Water bubbles.")
    assert notes["bubbles"] == "contradicted: no “bubbles” in audio 1"
