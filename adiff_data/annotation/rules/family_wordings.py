"""How the `rules` annotator speaks of each family of sounds.

No remark names a sound of its own, or an order of time: those are left to the captions.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FamilyWords:
    """How a family of sounds is spoken of.

    Attributes:
        heard: what can be heard: a noun phrase.
        setting: what it suggests: a noun phrase.
        character: what it is like: an adjective.
        remarks: sentences behind one that says what is heard.
    """

    heard: str
    setting: str
    character: str
    remarks: tuple[str, ...]


FAMILY_WORDS = {
    "voices": FamilyWords(
        "human voices",
        "a social setting",
        "human",
        (
            "A human voice tends to draw the attention of whoever is listening.",
            "Hearing people gives the scene a social character.",
            "It has the personal quality that comes with the human voice.",
            "The presence of people makes the scene easy to relate to.",
        ),
    ),
    "bodily sounds": FamilyWords(
        "bodily sounds",
        "a private moment",
        "intimate",
        (
            "It is a sound that the human body makes, which gives it an intimate feel.",
            "Sounds like this belong to everyday life with other people.",
            "It comes from a living body and feels very familiar.",
        ),
    ),
    "people in action": FamilyWords(
        "human activity",
        "people who are up and about",
        "active",
        (
            "People make themselves noticed here by what they do.",
            "The sound gives away that somebody is there and doing something.",
            "One can picture the people behind these sounds.",
        ),
    ),
    "animals": FamilyWords(
        "animal sounds",
        "a yard, a farm or the countryside",
        "lively",
        (
            "The animal sounds make the scene feel alive.",
            "Animals give the recording a natural touch.",
            "It is a scene in which animals make themselves heard.",
        ),
    ),
    "engines": FamilyWords(
        "vehicle sounds",
        "a place with traffic or transport",
        "mechanical",
        (
            "The mechanical sound points to transport of some kind.",
            "It has the mechanical character that vehicles bring to a scene.",
            "One can easily imagine the vehicle that makes this sound.",
        ),
    ),
    "machines": FamilyWords(
        "machine sounds",
        "a workshop or a room with equipment in use",
        "industrial",
        (
            "It sounds like equipment at work.",
            "The mechanical sound suggests that some device is in use.",
            "The machine gives the scene a practical, working character.",
        ),
    ),
    "water": FamilyWords(
        "water sounds",
        "moving water, perhaps a shore, a stream or a tap",
        "watery",
        (
            "The moving water gives it a flowing texture.",
            "It has the liquid quality of water in motion.",
            "Water in motion is easy to recognise here.",
        ),
    ),
    "weather": FamilyWords(
        "weather sounds",
        "a scene in the open air",
        "natural",
        (
            "The weather sets the mood of the scene.",
            "It carries the raw sound of the elements.",
            "The weather makes itself heard and turns the mind to the outdoors.",
        ),
    ),
    "music": FamilyWords(
        "music",
        "a performance or a piece being played",
        "expressive",
        (
            "The music invites the listener to follow it.",
            "It has an artistic side, since music is made to be listened to.",
            "Music gives the recording an expressive quality.",
        ),
    ),
    "signals": FamilyWords(
        "signal sounds",
        "something that calls for attention",
        "insistent",
        (
            "Sounds of this kind are made to be noticed.",
            "It carries a signal that is meant to catch people's attention.",
            "A signal like this is meant to tell people something.",
        ),
    ),
    "clocks": FamilyWords(
        "ticking",
        "a room with a timepiece in it",
        "measured",
        (
            "The ticking makes the passing of time audible.",
            "There is something orderly about the ticking.",
            "It makes the listener aware of time passing.",
        ),
    ),
    "fire": FamilyWords(
        "the sound of fire",
        "a hearth or a camp",
        "warm",
        (
            "The fire gives the scene a warm feel.",
            "The sound of something burning lends it warmth.",
            "One can almost feel the heat.",
        ),
    ),
    "blasts": FamilyWords(
        "explosive sounds",
        "danger, or perhaps a celebration",
        "forceful",
        (
            "Sounds like these are startling when they come without warning.",
            "The explosive sound gives it a dramatic edge.",
            "It has a good deal of force behind it.",
        ),
    ),
    "handled objects": FamilyWords(
        "the sound of moving objects",
        "someone handling things",
        "hands-on",
        (
            "One can imagine the objects and the surfaces that they meet.",
            "It has a direct, physical quality.",
            "The listener may try to guess what the objects are made of.",
        ),
    ),
    "noise": FamilyWords(
        "humming or hissing noise",
        "an electrical source or a device",
        "impersonal",
        (
            "The noise has an abstract, textural quality.",
            "Noise of this kind is hard to trace to an exact source.",
            "The noise is a texture and not an event with a clear shape.",
        ),
    ),
    "food": FamilyWords(
        "the sound of cooking or eating",
        "a kitchen or a table",
        "domestic",
        (
            "It has a homely, everyday feel.",
            "One can picture a meal being prepared or eaten.",
            "A kitchen or a dining table comes to mind.",
        ),
    ),
}
