"""The wordings of answers about edited pairs, kept apart from what chooses among them.

In a wording, `{more}` and `{less}` stand for the names of the audio that has more of the quality and of the other one,
`{edited}` and `{original}` for those of a pair in which neither has more, `{much}` for a degree, `{amount}` for a
number with its unit, `{caption}` for the caption of the recording, and `{event}`, `{other}` for those of the sounds
that were laid in. With a capital initial, they begin a sentence. Captions may be clauses, noun phrases or neither, so
they stand in quotation marks, where anything may stand.
"""

from dataclasses import dataclass

_SAME_SOUNDS = (
    "the sounds themselves are the same",
    "what is heard is the same in both",
    "both play the same sounds in the same order",
)
_SAME_RECORDING = (
    "the recording itself is the same in both",
    "the two run in step from beginning to end",
    "both play the same recording throughout",
)
_WHOLE_RECORDING = ("it is the same in both from beginning to end", "it begins and ends at the same moment in both")
_SHARED_EVENT = ("both have the sound “{event}” in it as well", "“{event}” is heard over it in both")
_SHARED_EVENTS = (
    "both have the sounds “{event}” and “{other}” in it as well",
    "“{event}” and “{other}” are heard over it in both",
)
_SAME_PACE = ("the pitch is the same in both", "both are equally long and equally loud")
_SAME_START = ("they are the same as far as both reach", "the shorter one is the same recording, only cut earlier")


@dataclass(frozen=True)
class Wordings:
    """How a difference in one quality is said.

    Attributes:
        differences: clauses that say the difference.
        amounts: sentences that say how much it is.
        effects: sentences on how it feels to listen to.
        otherwise: clauses that say what is the same, beside the difference.
        shared: clauses that say what both have, where the difference is not told.
    """

    differences: tuple[str, ...]
    amounts: tuple[str, ...]
    effects: tuple[str, ...]
    otherwise: tuple[str, ...]
    shared: tuple[str, ...] = _SAME_SOUNDS


DEGREES = {
    0.5: ("very slightly", "barely"),
    1.0: ("noticeably", "somewhat"),
    2.0: ("clearly", "plainly"),
    4.0: ("a great deal", "much"),
}

WORDINGS: dict[str, Wordings] = {
    "loudness": Wordings(
        (
            "{more} is {much} louder than {less}",
            "{less} is {much} softer than {more}",
            "{more} is played {much} louder than {less}",
            "the level of {more} is {much} higher than that of {less}",
        ),
        ("The two levels are about {amount} apart.", "It amounts to about {amount}."),
        (
            "{More} comes forward and asks for more attention, while {less} stays further back.",
            "Listening to {less} after {more} is like turning the volume down.",
            "{More} sounds fuller simply because it is louder.",
        ),
        _SAME_SOUNDS,
    ),
    "pitch": Wordings(
        (
            "{more} is {much} higher in pitch than {less}",
            "{less} is {much} lower in pitch than {more}",
            "the pitch of {more} is {much} higher than that of {less}",
            "everything in {less} sounds {much} lower in pitch than in {more}",
        ),
        ("The pitches are about {amount} apart.", "It amounts to about {amount}."),
        (
            "{More} sounds smaller and lighter, while {less} sounds bigger and heavier.",
            "{Less} seems to come from something larger than {more} does.",
            "Going from {less} to {more}, the whole sound moves up.",
        ),
        ("tempo and order are the same in both", "the same sounds come at the same moments", *_SAME_SOUNDS),
    ),
    "brightness": Wordings(
        (
            "{more} is {much} brighter than {less}",
            "{less} is {much} duller than {more}",
            "{more} has {much} more treble than {less}",
            "the sound of {less} is {much} darker than that of {more}",
        ),
        ("The centre of the spectrum differs by a factor of about {amount}.",),
        (
            "{More} sounds crisp and open, while {less} sounds muffled.",
            "{Less} sounds as if a blanket had been put over the loudspeaker.",
            "{More} brings out hiss and detail that {less} holds back.",
        ),
        ("loudness and timing are the same in both", *_SAME_SOUNDS),
    ),
    "tempo": Wordings(
        (
            "{more} runs {much} faster than {less}",
            "{less} runs {much} slower than {more}",
            "the sounds follow one another {much} faster in {more} than in {less}",
            "the pace of {less} is {much} slower than that of {more}",
        ),
        ("{More} is about {amount} times as fast.",),
        (
            "{More} feels hurried, while {less} takes its time.",
            "{Less} leaves more room between one moment and the next.",
            "Within the same length, {more} gets through more of the recording.",
        ),
        _SAME_PACE,
        _SAME_PACE,
    ),
    "length": Wordings(
        (
            "{more} lasts {much} longer than {less}",
            "{less} is {much} shorter than {more}",
            "{more} goes on {much} longer than {less}",
            "{less} ends {much} earlier than {more}",
        ),
        ("{More} is about {amount} times as long.",),
        (
            "{Less} breaks off where {more} goes on.",
            "With {more} there is more time to follow what happens.",
            "{Less} is over before {more} has come to its end.",
        ),
        _SAME_START,
        _SAME_START,
    ),
    "distance": Wordings(
        (
            "{more} sounds {much} farther away than {less}",
            "{less} sounds {much} nearer than {more}",
            "{more} is heard from {much} farther off than {less}",
            "the source is {much} closer in {less} than in {more}",
        ),
        ("The source of {more} is about {amount} times as far away.",),
        (
            "{More} has more of the room in it, while {less} is dry and direct.",
            "{Less} seems close enough to touch, and {more} is heard across a large room.",
            "The echoes of the room blur {more}, and {less} keeps its edges.",
        ),
        _SAME_SOUNDS,
    ),
    "noise": Wordings(
        (
            "{more} has {much} more background noise than {less}",
            "{less} is {much} cleaner than {more}",
            "a steady noise lies over {more} but not over {less}",
            "there is {much} more hiss and rumble in {more} than in {less}",
        ),
        ("The recording stands about {amount} above the noise.",),
        (
            "The steady noise of {more} covers quiet moments that {less} leaves silent.",
            "{Less} is easier to listen to, since nothing lies over it.",
            "{More} sounds like an old tape of {less}.",
        ),
        ("underneath, the recording is the same", *_SAME_SOUNDS),
    ),
    "event": Wordings(
        (
            "“{event}” can be heard in {more}, but not in {less}",
            "{more} has one sound more, “{event}”, which {less} lacks",
            "{more} has the sound “{event}”, which is missing in {less}",
            "there is one event more, “{event}”, in {more} than in {less}",
        ),
        ("It begins about {onset} after the start.", "It sets in at about {onset}."),
        (
            "{More} has something more to attend to, while {less} goes on undisturbed.",
            "The added sound breaks into {more}, and nothing does so in {less}.",
            "Without it, {less} is plainer than {more}.",
        ),
        _SAME_RECORDING,
        _WHOLE_RECORDING,
    ),
    "replacement": Wordings(
        (
            "at the same moment {original} has “{other}” and {edited} has “{event}”",
            "one sound differs: “{other}” in {original}, “{event}” in {edited}",
            "{original} holds the sound “{other}”, and {edited} has “{event}” in its place",
            "where {original} has “{other}”, {edited} has “{event}”",
        ),
        ("It happens about {onset} after the start.", "Both set in at about {onset}."),
        (
            "A single moment tells the two audios apart, and it changes what they seem to be about.",
            "Up to that moment nobody could tell which of the two is playing.",
            "The same scene thus takes a different turn in each audio.",
        ),
        _SAME_RECORDING,
        _WHOLE_RECORDING,
    ),
    "onset": Wordings(
        (
            "one sound (“{event}”) comes later in {more} than in {less}",
            "“{event}” is heard earlier in {less} than in {more}",
            "{less} has the sound “{event}” sooner than {more}",
            "the event “{event}” is delayed in {more} compared with {less}",
        ),
        ("The two moments are about {amount} apart.", "It is a matter of about {amount}."),
        (
            "{Less} comes to the point sooner, while {more} makes the listener wait.",
            "The timing alone tells the two audios apart.",
            "Played side by side, {more} lags behind {less} in this one sound.",
        ),
        _SAME_RECORDING,
        _SHARED_EVENT,
    ),
    "repetition": Wordings(
        (
            "one sound (“{event}”) is heard once in {less} and {times} in {more}",
            "{more} repeats the sound “{event}”, which {less} has only once",
            "“{event}” is heard {times} in {more}, but only once in {less}",
            "{less} has the event “{event}” a single time, and {more} has it {times}",
        ),
        ("Counted, that is once against {times}.",),
        (
            "The repetition makes {more} busier and more insistent than {less}.",
            "{Less} lets it pass as a single event, while {more} turns it into a pattern.",
            "{More} draws more attention to it by repeating it.",
        ),
        _SAME_RECORDING,
        _SHARED_EVENT,
    ),
    "order": Wordings(
        (
            "the order differs: {original} has “{event}” before “{other}”, and {edited} has them the other way round",
            "{original} goes from “{event}” to “{other}”, and {edited} from “{other}” to “{event}”",
            "two sounds change places: “{event}” comes first in {original}, “{other}” in {edited}",
            "first “{event}” and then “{other}” in {original}; in {edited} the reverse",
        ),
        ("Both sounds are in both audios, one right after the other.",),
        (
            "The same two events tell a different story when their order is reversed.",
            "Only somebody who attends to the order can tell the two audios apart.",
            "What leads to what is thus not the same in the two audios.",
        ),
        _SAME_RECORDING,
        _SHARED_EVENTS,
    ),
    "nothing": Wordings(
        (
            "no difference can be heard between {original} and {edited}",
            "{original} and {edited} sound the same",
            "{edited} sounds exactly like {original}",
            "nothing that can be heard tells {original} and {edited} apart",
        ),
        (
            "Neither is louder, higher, brighter or longer than the other.",
            "There is no audible difference in level, pitch or timing.",
        ),
        (
            "Listening to one of them after the other is like listening to it twice.",
            "The impression that they leave is one and the same.",
            "A listener could not say which of the two is playing.",
        ),
        ("both play the same recording from start to end", "all sounds and their order are the same in both"),
    ),
}

FEW_WORDS_OF_NOTHING = (
    "{Difference}; {otherwise}.",
    "{Difference}, and {otherwise}.",
    "{Difference}: {otherwise}.",
    "Both hold the same recording, “{caption}”; {difference}.",
)
FEW_WORDS = (
    "{Difference}; {otherwise}.",
    "{Difference}, though {otherwise}.",
    "{Difference}. Otherwise {otherwise}.",
    "Both hold the same recording, “{caption}”; {difference}.",
)
SENTENCES = (
    "Both audios are made from one recording (“{caption}”), but they differ in one respect: {difference}; {otherwise}.",
    "Although both audios play the same recording, “{caption}”, {difference}; {otherwise}, so that this is all "
    "there is to tell them apart.",
    "{Difference}; apart from that the two audios, which both hold the recording “{caption}”, cannot be told "
    "apart, since {otherwise}.",
    "The two audios share one recording, described as “{caption}”; what sets them apart is that {difference}, "
    "while {otherwise}.",
)
SENTENCES_OF_NOTHING = (
    "Both audios hold the same recording, “{caption}”, and {difference}; {otherwise}, so that there is no "
    "difference to be named, however closely one listens.",
    "{Difference}: each of them plays the recording “{caption}”, and {otherwise}, with neither of them ahead of"
    " the other in level, in pitch or in length.",
    "The two audios share one recording, described as “{caption}”; {otherwise}, and {difference}, "
    "whatever one listens for.",
)
SIMILARITIES = (
    "Both audios play one recording, “{caption}”, and {shared}.",
    "What the two audios have in common is nearly everything: both hold the recording “{caption}”, and {shared}.",
    "The two audios share their recording, “{caption}”. They begin at the same moment of it, and {shared}.",
    "“{Caption}” describes both audios, since they go back to the same recording; {shared}.",
    "Common to both audios is the recording “{caption}”, from the same moment on; {shared}.",
    "The two audios have one source, the recording “{caption}”, which anyone would recognize in both; {shared}.",
)
SIMILARITIES_OF_NOTHING = (
    "Both audios hold the recording “{caption}”, and {difference}; {otherwise}.",
    "Everything is shared: in both audios it is the recording “{caption}”, and {difference}.",
    "{Difference}: both play the recording “{caption}”, and {otherwise}.",
    "What the two audios have in common is everything: the recording is “{caption}” in both, and {otherwise}.",
    "“{Caption}” is what both audios play, and {difference}; {otherwise}.",
)
OPENINGS = (
    "The two audios are closely related: each of them plays the same recording, described as “{caption}”.",
    "Both audios start from one and the same recording, “{caption}”.",
    "What the two audios have in common is nearly everything: both hold the recording “{caption}”.",
)
OPENINGS_OF_NOTHING = (
    "Both audios start from one and the same recording, “{caption}”.",
    "What the two audios have in common is everything: both hold the recording “{caption}”.",
)
STATEMENTS = ("What differs is this: {difference}.", "The one difference is that {difference}.", "{Difference}.")
STATEMENTS_OF_NOTHING = ("{Difference}.", "As far as a listener can tell, {difference}.")
SLIGHT = (
    "It is a small change, close to the least that can be heard.",
    "Many listeners would miss it at first.",
    "One has to know of it, or to listen with care, to notice it at all.",
)  # effects of a difference of half its threshold
REMAINDERS_OF_NOTHING = ("From beginning to end, {otherwise}.", "In every respect, {otherwise}.")
REMAINDERS = ("Apart from that, {otherwise}.", "Beyond this, {otherwise}.", "In all other respects, {otherwise}.")
_FILLERS = (
    "A listener who hears {first} and then {second} recognizes the recording at once.",
    "Both audios begin at the same moment of the recording.",
    "One has to hear both of them to tell what was changed.",
)
_FILLERS_OF_SOUND = (
    *_FILLERS,
    "No event comes in on either side, and none is left out.",
    "The scene and its sources are those of the same recording in both cases.",
    "Whoever hears only one of them would name the same sounds as somebody who hears only the other one.",
)
_FILLERS_OF_TIME = (
    *_FILLERS,
    "The scene and its sources are those of the same recording in both cases.",
    "No sound of any other recording comes in on either side.",
)
_FILLERS_OF_EVENTS = (
    *_FILLERS,
    "The recording beneath goes on unchanged in both.",
    "At every other moment one could not say which of the two is playing.",
    "Nothing was done to the recording itself.",
)
_FILLERS_OF_NOTHING = (
    "No event comes in on either side, and none is left out.",
    "The scene, its sources and its surroundings are the same in {first} and in {second}.",
    "If there is a difference, it lies below what can be heard.",
    "Every sound comes at the same moment, at the same level and with the same colour.",
    "There is nothing in one of them that the other one lacks.",
    "Neither of them is clearer, nearer or busier than the other.",
    "The order of what happens is the same, and so is its pace from beginning to end.",
)
FILLERS = {
    **dict.fromkeys(("loudness", "pitch", "brightness", "distance", "noise"), _FILLERS_OF_SOUND),
    **dict.fromkeys(("tempo", "length"), _FILLERS_OF_TIME),
    **dict.fromkeys(("event", "replacement", "onset", "repetition", "order"), _FILLERS_OF_EVENTS),
    "nothing": _FILLERS_OF_NOTHING,
}  # by quality: what is said of a louder audio need not be true of one that has another sound
CLOSINGS = (
    "So the two audios are one recording in two versions, told apart by this alone.",
    "In short, it is one recording heard twice, with a single change.",
    "Taken together, the audios share their content and differ in just this one respect.",
)
CLOSINGS_OF_NOTHING = (
    "So the honest answer is that the two audios sound the same.",
    "In short, the two audios are the same to the ear.",
    "Taken together, they are one recording heard twice.",
)
