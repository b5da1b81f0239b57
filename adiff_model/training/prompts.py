"""The prompts of each task: the first is the canonical one, which evaluation uses; the others are paraphrases."""

from collections.abc import Collection

from adiff_data.tiers import DETAIL, FEWWORDS, SENTENCE, SIMILARITY

PROMPTS: dict[str, tuple[str, ...]] = {
    "fewwords": (
        FEWWORDS.request,
        "explain the difference between the two audio in few words",
        "explain the difference between the two audios in a few words",
        "in few words, how do the two audios differ",
        "briefly explain how these recordings differ",
        "what is the difference in short",
        "give a short explanation of the difference",
        "name the difference between the two clips in few words",
    ),
    "sentence": (
        SENTENCE.request,
        "explain the difference between the two audio in a sentence",
        "explain the difference between the two audio in one extended sentence",
        "in one sentence, how do the two audios differ",
        "describe in a sentence how these recordings differ",
        "what is the difference, in one sentence",
        "tell the two clips apart in a sentence",
        "compare the two audios in a sentence",
    ),
    "detail": (
        DETAIL.request,
        "explain the difference between the two audio in detail",
        "explain in detail how the two audios differ",
        "describe the difference between the recordings in detail",
        "compare the two audios in detail",
        "give a detailed explanation of the difference",
        "what are the differences between the two clips, in detail",
        "explain thoroughly how these recordings differ",
    ),
    "caption1": (
        "caption the first audio",
        "describe the first audio",
        "caption audio 1",
        "what is heard in the first recording",
        "write a caption for the first clip",
    ),
    "caption2": (
        "caption the second audio",
        "describe the second audio",
        "caption audio 2",
        "what is heard in the second recording",
        "write a caption for the second clip",
    ),
    "captions": (
        "caption both audios",
        "describe both audios",
        "caption audio 1 and audio 2",
        "what is heard in each recording",
        "write a caption for each clip",
    ),
    "similarity": (
        SIMILARITY.request,
        "explain the similarity of the two audio",
        "what do the two audios have in common",
        "how are these recordings alike",
        "explain what the two clips share",
        "which sounds are in both audios",
        "describe the similarity between the two recordings",
        "in what way do audio 1 and audio 2 resemble each other",
    ),
}
_ON_REQUEST = {"similarity"}  # tasks that a training has only where the shares of one of its steps name them


def tasks_to_learn(asked: Collection[str]) -> tuple[str, ...]:
    """The tasks that a training tells apart: tiers and position captions, whatever their shares, and what is asked."""
    return tuple(task for task in PROMPTS if task in asked or task not in _ON_REQUEST)


def canonical(task: str) -> str:
    """The prompt that evaluation uses."""
    return PROMPTS[task][0]
