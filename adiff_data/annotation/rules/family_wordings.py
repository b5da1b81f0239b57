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
        impression: what it leaves the listener with: a noun phrase.
        remarks: sentences behind one that says what is heard.
    """

    heard: str
    setting: str
    impression: str
    remarks: tuple[str, ...]


FAMILY_WORDS = {
    "voices": FamilyWords(
        "human voices",
        "a place where people are together",
        "human company",
        (
            "A human voice tends to draw the attention of whoever is listening.",
            "Because people are heard, the scene has a social side.",
            "Voices like these make it easy to relate to what is going on.",
            "With people in it, the recording feels close to everyday life.",
            "Listeners tend to follow human voices before anything else.",
            "The human presence is what gives this scene its life.",
        ),
    ),
    "bodily sounds": FamilyWords(
        "bodily sounds",
        "someone close to the microphone",
        "an everyday human moment",
        (
            "It is a sound that the body makes without much thought.",
            "Everyone knows sounds of this kind from daily life.",
            "It comes from a living body and is instantly familiar.",
        ),
    ),
    "people in action": FamilyWords(
        "human activity",
        "a place where people are present",
        "people at their daily business",
        (
            "People are present here through what they do.",
            "Somebody is clearly there and doing something.",
            "One can picture the people behind these sounds.",
            "The human activity makes the scene feel inhabited.",
            "It takes a person to make sounds like these.",
            "It lets the listener follow what a person is doing.",
        ),
    ),
    "animals": FamilyWords(
        "animal sounds",
        "a place with animals in it",
        "animal life",
        (
            "The animals make the scene feel alive.",
            "With animals in it, the recording has a natural touch.",
            "What the animals do is easy to picture.",
            "Animals are what a listener would remember of it.",
            "It is a small piece of animal life.",
            "A listener would picture a living creature here.",
        ),
    ),
    "engines": FamilyWords(
        "vehicle sounds",
        "a vehicle or some other powered machine",
        "power and motion",
        (
            "There is plenty of mechanical power in this sound.",
            "It is easy to imagine standing beside the source of this sound.",
            "It has the low mechanical sound that many people know from the street.",
            "The mechanical sound fills much of the recording.",
            "A listener would think of something large and powered.",
        ),
    ),
    "machines": FamilyWords(
        "machine sounds",
        "a workshop or a room with equipment in use",
        "equipment at work",
        (
            "Equipment of some kind is at work here.",
            "The sound suggests that some device is in use.",
            "It is a practical, working sound.",
            "It has the regularity of a device that is doing its job.",
        ),
    ),
    "water": FamilyWords(
        "water sounds",
        "a place with water in motion",
        "water in motion",
        (
            "It has a soft, flowing texture.",
            "Liquid in motion is easy to recognise here.",
            "One can picture how the liquid moves.",
            "It is a fluid sound without hard edges.",
        ),
    ),
    "weather": FamilyWords(
        "weather sounds",
        "a scene in the open air",
        "the open air",
        (
            "The weather sets the mood of the scene.",
            "It is the raw sound of the elements.",
            "The weather places the listener outdoors.",
            "Outdoor conditions shape the whole recording.",
            "It gives a sense of the open sky.",
            "The listener can almost feel the weather.",
        ),
    ),
    "music": FamilyWords(
        "music",
        "a performance or a piece being played",
        "a performance",
        (
            "The musical part invites the listener to follow it.",
            "Unlike most everyday sounds, this one was made to be listened to.",
            "It gives the recording an expressive quality.",
        ),
    ),
    "signals": FamilyWords(
        "warning sounds",
        "a warning or a call of some kind",
        "something that demands attention",
        (
            "Sounds of this kind are made to be noticed.",
            "It is meant to catch people's attention.",
            "A signal like this is there to tell people something.",
            "It stands out clearly and is hard to ignore.",
            "It would make most people look up for a moment.",
            "The purpose of such a sound is to be heard.",
        ),
    ),
    "clocks": FamilyWords(
        "ticking",
        "a timepiece or something with a similar beat",
        "time passing",
        (
            "The ticking makes the passing of time audible.",
            "There is something orderly about the ticking.",
            "It makes the listener aware of time passing.",
        ),
    ),
    "fire": FamilyWords(
        "the sound of fire",
        "something that is alight",
        "heat and flames",
        (
            "The sound of something burning gives the scene its warmth.",
            "One can almost feel the heat.",
            "Heat and flames are easy to picture here.",
        ),
    ),
    "blasts": FamilyWords(
        "explosive sounds",
        "danger or perhaps a celebration",
        "sudden force",
        (
            "Sounds like these are startling when they come without warning.",
            "Their force gives the recording a dramatic edge.",
            "There is a good deal of force behind it.",
        ),
    ),
    "handled objects": FamilyWords(
        "the sound of moving objects",
        "objects being handled or moved",
        "solid objects in motion",
        (
            "One can imagine the objects and the surfaces that they meet.",
            "It has a direct, physical quality.",
            "The listener may try to guess what the objects are made of.",
            "It sounds like something that one could reach out and touch.",
        ),
    ),
    "noise": FamilyWords(
        "a hum or a hiss",
        "a device or an electrical source",
        "a noise without a clear shape",
        (
            "It is more of a texture than an event with a clear shape.",
            "Noise of this kind is hard to trace to an exact source.",
            "The noise is rather abstract.",
        ),
    ),
    "food": FamilyWords(
        "kitchen sounds",
        "a kitchen or a table",
        "a kitchen",
        (
            "It has a homely, everyday feel.",
            "A kitchen or a dining table comes to mind.",
            "It is easy to picture somebody busy in a kitchen.",
        ),
    ),
}
