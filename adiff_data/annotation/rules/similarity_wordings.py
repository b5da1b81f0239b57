"""The wordings of what two audios have in common, kept apart from what chooses among them.

In a wording, `{shared}` stands for what both have, `{kind}` for a kind of sound that each has another of, `{one}` and
`{other}` for these, `{audio1}` and `{audio2}` for the names, `{x}`, `{x1}` and `{x2}` for captions or parts of them.
With a capital initial, they begin a sentence. Nothing is said of one audio alone but its own words of what both have,
and nothing is compared.
"""

from adiff_data.annotation.rules.caption_phrases import Kind

SHARED = (
    "Both audios feature {shared}.",
    "Both recordings feature {shared}.",
    "{Shared} can be heard in both audios.",
    "{Shared} can be heard in both recordings.",
    "What both audios have in common is {shared}.",
    "The two audios have {shared} in common.",
    "What the two audios share is {shared}.",
    "What can be heard in both audios is {shared}.",
    "In both audios, the listener hears {shared}.",
    "Both clips have {shared} in them.",
    "The similarity of the two lies in {shared}, heard in both.",
    "The two have this in common: {shared} can be heard in both.",
)
SEVERAL_SHARED = (
    "Both audios feature {shared}.",
    "Both recordings feature {shared}.",
    "{Shared} can be heard in both audios.",
    "{Shared} can be heard in both recordings.",
    "The two audios have {shared} in common.",
    "In both audios, the listener hears {shared}.",
    "Both clips have {shared} in them.",
    "The similarity of the two lies in several sounds: {shared} can be heard in both.",
    "Several sounds are common to both audios: {shared}.",
    "The two audios share several sounds: {shared}.",
)
KINDS = (
    "{Kind} can be heard in both audios: {one} in {audio1} and {other} in {audio2}.",
    "Both audios feature {kind}, {one} in {audio1} and {other} in {audio2}.",
    "What both audios have in common is the kind of sound, {kind}: {one} in {audio1}, {other} in {audio2}.",
    "Both recordings are about {kind}: there is {one} in {audio1} and {other} in {audio2}.",
    "The two audios are related in kind, since {kind} can be heard in both: {one} in {audio1} and {other} in {audio2}.",
)
KINDS_TOO = (
    "Both feature {kind} as well, {one} in {audio1} and {other} in {audio2}.",
    "{Kind} can be heard in both, too: {one} in {audio1}, {other} in {audio2}.",
)
ALIKE_ONLY = (
    "What both audios have in common is not what can be heard in them, but how it sounds: they are {alike}.",
    "The sources have little to do with each other, but in their sound the two audios are {alike}.",
    "The similarity of the two audios is one of sound alone: they are {alike}.",
    "Whatever makes the sound, the two audios are {alike}, which is what they have in common.",
    "In what happens the two audios share nothing that stands out; as sounds, however, they are {alike}.",
)

# How what both have appears in each, by the kinds of the two phrases.
EACH = {
    (Kind.CLAUSE, Kind.CLAUSE): (
        "In {audio1}, {x1}, and in {audio2}, {x2}.",
        "In {audio1}, {x1}; in {audio2}, {x2}.",
        "This is how it appears: in {audio1}, {x1}, and in {audio2}, {x2}.",
    ),
    (Kind.NOUN, Kind.NOUN): (
        "{Audio1} has {x1}, and {audio2} has {x2}.",
        "It is {x1} in {audio1} and {x2} in {audio2}.",
        "{Audio1} features {x1}; {audio2} features {x2}.",
    ),
    (Kind.CLAUSE, Kind.NOUN): (
        "In {audio1}, {x1}, and {audio2} has {x2}.",
        "In {audio1}, {x1}; {audio2} features {x2}.",
    ),
    (Kind.NOUN, Kind.CLAUSE): (
        "{Audio1} has {x1}, and in {audio2}, {x2}.",
        "{Audio1} features {x1}; in {audio2}, {x2}.",
    ),
}

FAR = (
    "In both, some of it lies in the background.",
    "In both, a part of what is heard seems to come from some distance.",
    "Both have something further away in them, which gives them depth.",
)
NEAR = (
    "In both, some of it is close to the listener.",
    "Both have something quite near the microphone.",
)
REPEATED = (
    "In both, something goes on or comes back.",
    "Both have a continuous or repeated sound in them.",
    "In both, a part of it continues or repeats.",
)
SEQUENCE = (
    "In both, the sounds come one after another.",
    "Both have several stages, one thing following another.",
)
TOGETHER = (
    "In both, several sounds can be heard at the same time.",
    "In both, sounds overlap.",
)
ALIKE = (
    "As sounds, both are {alike}.",
    "Acoustically, the two are {alike}.",
    "Moreover, the two audios are {alike}.",
    "The signals resemble each other as well: they are {alike}.",
)
ALIKE_IN = {
    "louder": "about equally loud",
    "brighter": "similar in brightness",
    "higher-pitched": "similar in pitch",
    "busier": "about as dense in events",
    "longer": "of about the same length",
    "steadier": "about equally steady in level",
    "more tonal": "about equally tonal",
}
# What the kind of sound that both have is like, by its family.
SCENES = {
    "voices": (
        "With people to be heard in them, both have a social side.",
        "Both are close to everyday life, since people are heard.",
        "In both, the human presence draws the attention.",
    ),
    "bodily sounds": (
        "Both are sounds that everybody knows from daily life.",
        "In both, it comes from a living body.",
    ),
    "people in action": (
        "In both, somebody is there and doing something.",
        "Both make it easy to picture the people behind the sound.",
    ),
    "animals": (
        "Both are small pieces of animal life.",
        "The animals make both of them feel alive.",
        "Both have a natural touch.",
    ),
    "engines": (
        "There is mechanical power in both.",
        "Both make one think of something large and powered.",
        "Both leave an impression of power and motion.",
    ),
    "machines": (
        "In both, some device is in use.",
        "Both are practical, working sounds.",
        "Both suggest that equipment is at work.",
    ),
    "water": (
        "Both have the texture of a liquid in motion.",
        "In both, one can picture how the water moves.",
    ),
    "weather": (
        "Both suggest a scene in the open air.",
        "In both, it is nature that makes the sound.",
    ),
    "music": (
        "Both are musical in character.",
        "In both, the music sets the mood.",
    ),
    "signals": (
        "In both, it is a sound that is made to be noticed.",
        "Both ask for the attention of whoever hears them.",
    ),
    "clocks": (
        "Both have an even beat in them.",
        "Both make one think of time passing.",
    ),
    "fire": (
        "Both make one think of heat and flames.",
        "In both, something is burning.",
    ),
    "blasts": (
        "Both have a sudden force.",
        "Both would startle somebody who did not expect them.",
    ),
    "handled objects": (
        "In both, the sound comes from solid objects in motion.",
        "Both are sounds of one thing moving against another.",
    ),
    "noise": (
        "In both, it is more of a noise than a tone.",
        "Both have a sound without a clear shape.",
    ),
    "food": (
        "Both call up a kitchen.",
        "Both make one think of a meal.",
    ),
}
CLOSINGS = (
    "A listener would notice at once that the two are related.",
    "So the two are alike in subject.",
    "Both could stand in the same collection of recordings.",
    "Someone who sorted recordings by subject would put the two together.",
    "Whoever has heard the one will recognize something in the other.",
    "That is enough to hear a connection between them.",
)

SAME = (
    "The two audios sound the same.",
    "No difference can be heard between the two audios.",
    "{Audio1} and {audio2} sound the same.",
    "{Audio1} sounds exactly the same as {audio2} does.",
    "There is no audible difference between {audio1} and {audio2}.",
    "To a listener, the two audios are identical.",
    "The two audios cannot be told apart.",
    "Listening to {audio2} is like listening to {audio1} once more: they sound the same.",
    "Nothing that can be heard sets the two audios apart; they sound the same.",
    "They share everything: the two audios sound the same.",
    "It sounds the same twice, since no difference can be heard between {audio1} and {audio2}.",
    "The honest answer is that both audios sound the same.",
)
SAME_HEARD = {
    Kind.CLAUSE: ("In both, {x}.", "In both of them, {x}.", "What happens in both is that {x}."),
    Kind.NOUN: ("Both have {x}.", "Both feature {x}.", "What is heard in both is {x}."),
    Kind.LOOSE: ("This is what can be heard in both: {x}.", "Both hold the following: {x}."),
}
SAME_CLOSINGS = (
    "Sources, course of events and sound are those of one recording.",
    "Neither has a sound that the other lacks.",
    "A listener could not say which of them is playing.",
    "It would take more than ears to tell which is which.",
    "So there is nothing to tell them apart by.",
    "",
)
