"""How a claim is put into words: several wordings each, so that one can be changed and all else stays to the letter."""

from adiff_data.annotation.rules.caption_phrases import Kind

BRIEF_NAMES = (("audio 1", "audio 2"), ("clip 1", "clip 2"), ("recording 1", "recording 2"))
NAMES = (*BRIEF_NAMES, ("the first audio", "the second audio"), ("the first clip", "the second clip"))
# Of an audio's first event, and of its further ones; as many wordings for each kind of phrase.
EVENTS = {
    Kind.CLAUSE: ("in {audio}, {x}", "in {audio} you hear how {x}", "{audio} is the one where {x}"),
    Kind.NOUN: ("in {audio} you hear {x}", "{audio} has {x}", "what is heard in {audio} is {x}"),
    Kind.LOOSE: ("heard in {audio}: {x}", "{audio} goes like this: {x}", "this is what {audio} has: {x}"),
}
FURTHER_EVENTS = {
    Kind.CLAUSE: ("in {audio}, {x} as well", "in {audio} you also hear how {x}", "in {audio}, besides, {x}"),
    Kind.NOUN: ("{audio} also has {x}", "in {audio} you also hear {x}", "{audio} has {x} as well"),
    Kind.LOOSE: ("also heard in {audio}: {x}", "{audio} goes on like this: {x}", "{audio} has this as well: {x}"),
}
EVENT_JOINTS = (", while ", ", whereas ", "; ", ", but ")
COMPARISON_JOINTS = (", and ", "; ")
BRIEF_COMPARISONS = ("{a} is {words}", "{a} sounds {words}")  # of few words
COMPARISONS = ("{a} is {words} than {b}", "{a} sounds {words} than {b}", "compared with {b}, {a} is {words}")
# What says that an audio has more of a quality, and what says that it has less.
MORE = {
    "louder": ("louder", "higher in volume"),
    "brighter": ("brighter", "brighter in tone"),
    "higher-pitched": ("higher-pitched", "higher in pitch"),
    "busier": ("busier", "denser"),
    "longer": ("longer", "less short"),
    "steadier": ("steadier", "steadier in level"),
    "more tonal": ("more tonal", "less noisy"),
}
LESS = {
    "louder": ("quieter", "softer"),
    "brighter": ("duller", "darker"),
    "higher-pitched": ("lower in pitch", "deeper"),
    "busier": ("sparser", "less busy"),
    "longer": ("shorter", "briefer"),
    "steadier": ("less steady", "more uneven"),
    "more tonal": ("noisier", "less tonal"),
}
# What an answer says around its claims, which says nothing of the recordings.
OPENINGS = {
    "fewwords": ("",),
    "sentence": ("", "", "The two do not sound alike: ", "Two different scenes can be heard: "),
    "detail": (
        "These two recordings are easy to tell apart once you know what to listen for. ",
        "I listened to both of them more than once, and the difference is plain. ",
        "Both are short, but they do not tell the same story. ",
        "There is a lot to say about how these two differ. ",
    ),
}
REMARKS = (
    "None of this is hard to make out with ordinary headphones.",
    "You would probably notice this on the very first listen.",
    "That alone is enough to know which one is playing.",
    "I would not mix them up after hearing this.",
    "If you play them in turn, it strikes you immediately.",
    "It is what stays in mind when the recordings are over.",
    "Someone who hears them unprepared would agree.",
    "It leaves little doubt about which one you are listening to.",
)
CLOSINGS = {
    "fewwords": ("",),
    "sentence": ("",),
    "detail": (
        "All in all, the two are unlike enough that nobody would take one for the other.",
        "So anyone asked to say which is which should have no trouble doing so.",
        "Taken together, that is what makes them two quite different things to listen to.",
        "That is about all there is to say on how they differ.",
    ),
}
GENERIC = {
    "fewwords": "The two audios differ in what can be heard: each has sounds of its own.",
    "sentence": "The two audios differ in what can be heard, since audio 1 has sounds of its own and audio 2 has quite "
    "other ones, so that they leave a listener with different impressions.",
    "detail": "The two audios differ in what can be heard in them. Audio 1 has sounds of its own, which come and go as "
    "such sounds do. Audio 2 has quite other ones, with another character, and with another way to begin and to end. "
    "A listener who hears audio 1 will think of one place, and one who hears audio 2 of another. Neither audio has "
    "what the other one has, so that they are easily told apart. Taken together, that is what makes them two quite "
    "different things to listen to.",
}
