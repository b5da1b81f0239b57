"""The wordings of the `rules` annotator, kept apart from what chooses among them.

In a wording, `{audio1}` and `{audio2}` stand for the two names, `{x}` for a caption, `{kinds}` for the kinds of sound
that it names. None of the wordings may name a sound or an order of time that a caption has not: what the parsers of
`adiff_data.checks` and `adiff_data.demo.truthfulness` read as a claim is left to the captions and the facts.
"""

from adiff_data.annotation.rules.caption_phrases import Kind

NAMES = (
    ("audio 1", "audio 2"),
    ("audio 1", "audio 2"),
    ("the first audio", "the second audio"),
    ("the first recording", "the second recording"),
    ("the first clip", "the second clip"),
)

# What is said of one audio, by the kind of its caption. A loose caption stands in brackets, where anything may stand.
HALVES = {
    Kind.NOUN: ("{audio} has {x}", "{audio} features {x}", "{audio} contains {x}", "{audio} captures {x}"),
    Kind.CLAUSE: ("in {audio}, {x}", "in {audio}, {x}", "in {audio}, {x}", "{audio} captures a scene in which {x}"),
    Kind.LOOSE: ("{audio} has {kinds} ({x})", "{audio} features {kinds} ({x})", "in {audio} we hear {kinds} ({x})"),
}
# The same behind "while", where a comma after the audio would be one too many.
HALVES_BEHIND_WHILE = {**HALVES, Kind.CLAUSE: ("in {audio} {x}",)}
HALVES_WHEN_SIMPLE = {Kind.NOUN: "{x} can be heard in {audio}", Kind.CLAUSE: "{x} in {audio}"}
HALVES_WITH_COLON = ("{audio}: {x}", "heard in {audio}: {x}", "{audio} has the following: {x}")
RELATIVE_HALVES = {Kind.NOUN: "which has {x}", Kind.CLAUSE: "where {x}"}
UNKNOWN_KINDS = "the following"

JOINED = ("{a}, while {b}", "{a}, whereas {b}", "{a}, but {b}")
JOINED_LOOSELY = ("{a}; {b}", "{a}; by contrast, {b}", "{a}; in contrast, {b}")
JOINED_AS_SENTENCES = ("{a}. {B}", "{a}. By contrast, {b}", "{a}. In contrast, {b}")
NO_JOINING_WORD = ("{a}; {b}", "{a}. {B}")
WHILE_FIRST = ("while {a}, {b}", "whereas {a}, {b}")
UNLIKE = "unlike {audio2}, {relative2}, {a}"

# By how the kinds of sound of the two audios go together: alike, partly shared, apart, or not known.
FEW_WORDS_LEADS = {
    "alike": ("Both feature {shared}: ", "{Shared} can be heard in both: "),
    "shared": ("Both feature {shared}: ", "{Shared} can be heard in both: "),
    "apart": (
        "The sources differ: ",
        "These are separate scenes: ",
        "Different sources: ",
        "Two different scenes: ",
        "The difference is in the source: ",
        "These are not the same sources: ",
        "Little is the same: ",
    ),
    "unknown": ("Two different scenes: ", "The events differ: ", "Not the same scene: "),
}
LEADS = {
    "alike": (
        "Both audios feature {shared}, but the events differ: ",
        "Although {shared} can be heard in both audios, the scenes are not the same: ",
        "With {shared} in both audios, the difference is in what happens: ",
        "Both audios share {shared}, yet they are not the same recording: ",
        "{Shared} can be heard in both audios, but not in the same way: ",
    ),
    "shared": (
        "Both audios feature {shared}, but they are not the same scene: ",
        "Although {shared} can be heard in both audios, the scenes are not the same: ",
        "Apart from {shared} in both audios, the scenes differ: ",
        "{Shared} can be heard in both audios, but the scenes around them differ: ",
        "There is some overlap, as both audios feature {shared}, but the scenes differ: ",
    ),
    "apart": (
        "The two audios differ in the source of the sound: ",
        "What sets the two audios apart is the source of the sound: ",
        "The main difference is the source of the sound: ",
        "The two audios come from quite different sources: ",
        "The difference between the two audios lies in where the sound comes from: ",
        "These two audios have little in common: ",
        "A listener would notice immediately that the sources differ: ",
        "The two audios were clearly made in different situations: ",
    ),
    "unknown": (
        "The two audios differ in what can be heard: ",
        "Different things are going on in these two audios: ",
        "What tells these audios apart is what happens in them: ",
        "The difference between the two audios lies in the events: ",
        "It is easy to tell these two audios apart: ",
        "Two separate moments can be heard in these audios: ",
        "There is a clear difference in what happens in the two audios: ",
        "These audios do not record the same scene: ",
    ),
}
TAILS = {
    "apart": (
        ", so the first suggests {setting1} and the second {setting2}",
        ", which points to {setting1} in the first and to {setting2} in the second",
        "; the first leaves an impression of {impression1}, the second of {impression2}",
        "; a listener would think of {setting1} in the first case and of {setting2} in the second",
        "; the first calls up {setting1}, the second {setting2}",
        ", so a listener would expect {setting1} behind the first and {setting2} behind the second",
    ),
    "alike": (
        ", so the two are related in subject but separate as events",
        ", which makes them two separate events on a similar subject",
        ", so it is the course of events and not the source of the sound that tells the two apart",
    ),
    "unknown": (
        ", so a listener would picture a different scene for each of them",
        ", so a listener who heard them one by one would picture a different situation for each of the two",
        ", and this difference would be clear even to a listener who knew nothing about either recording",
        ", which makes the two recordings easy to tell apart by what happens in them",
        ", so the two would hardly be taken for the same recording",
        ", and a listener who knew only one of them would not expect the other",
    ),
}
ORDER_TAILS = {
    ("sequence", "together"): "; in the first the sounds come one after another, but in the second at the same time",
    (
        "together",
        "sequence",
    ): "; in the first the sounds are heard at the same time, but in the second one after another",
}

OPENINGS = {
    "alike": (
        "Both audios feature {shared}, but they record different events.",
        "The two audios are close in subject and differ in what happens.",
        "A similar kind of sound appears in both audios, in different situations.",
        "Since {shared} can be heard in both audios, the difference is in the events.",
        "What these audios share is {shared}.",
        "It takes some attention to tell these audios apart, since {shared} can be heard in both.",
    ),
    "shared": (
        "The two audios have some sounds in common, yet they are different scenes.",
        "Although both audios feature {shared}, they do not record the same scene.",
        "{Shared} can be heard in both audios, but the scenes around them differ.",
        "There is some overlap between the two audios, since {shared} can be heard in both.",
        "These two audios are partly alike in their sources and still easy to tell apart.",
        "In part, both audios sound alike, because each of them features {shared}.",
        "Some of what is heard is the same in both audios, namely {shared}.",
    ),
    "apart": (
        "The two audios capture quite different scenes.",
        "These two audios have little in common.",
        "The clearest difference between the two audios is the source of the sound.",
        "First of all, the two audios differ in what produces the sound.",
        "What separates these audios most is the kind of sound in them.",
        "A listener is taken to different settings by these two audios.",
        "It would be hard to confuse these two audios.",
        "One would expect these two audios to come from different surroundings.",
        "Neither the sources nor the settings of these audios are the same.",
        "The two audios differ both in what is heard and in where it may have been recorded.",
    ),
    "unknown": (
        "The two audios differ in what can be heard in them.",
        "Different things are going on in these two audios.",
        "Several differences between the two audios are easy to notice.",
        "Played back to back, these audios are clearly different.",
        "These audios record two separate moments.",
        "There is a change of scene between the two audios.",
        "It is easy to tell the two audios apart.",
        "What happens in the two audios is not the same.",
    ),
}
FIRST_SENTENCES = {
    Kind.NOUN: (
        "{audio} has {x}.",
        "{audio} features {x}.",
        "{audio} is a recording of {x}.",
        "in {audio}, the listener hears {x}.",
        "what {audio} captures is {x}.",
    ),
    Kind.CLAUSE: (
        "in {audio}, {x}.",
        "in {audio}, {x}.",
        "{audio} captures a scene in which {x}.",
        "{audio} captures a moment in which {x}.",
        "this is what happens in {audio}: {x}.",
    ),
    Kind.LOOSE: (
        "the following can be heard in {audio}: {x}.",
        "this is what can be heard in {audio}: {x}.",
        "{audio} consists of this: {x}.",
    ),
}
SECOND_SENTENCES = {
    Kind.NOUN: (
        "{audio}, however, has {x}.",
        "by contrast, {audio} features {x}.",
        "{audio}, in turn, is a recording of {x}.",
        "in {audio}, by comparison, the listener hears {x}.",
        "{audio} is different and captures {x}.",
    ),
    Kind.CLAUSE: (
        "in {audio}, by contrast, {x}.",
        "in {audio}, however, {x}.",
        "{audio} captures a different scene, in which {x}.",
        "{audio}, in turn, captures a moment in which {x}.",
        "{audio} is different: {x}.",
    ),
    Kind.LOOSE: (
        "{audio} is different: {x}.",
        "by contrast, this can be heard in {audio}: {x}.",
        "in {audio}, however, the following can be heard: {x}.",
    ),
}
COMBINED = (
    "It brings together {all_kinds}.",
    "It combines {all_kinds}.",
    "The scene is made up of {all_kinds}.",
)
SETTINGS = (
    "This suggests {setting}.",
    "It points to {setting}.",
    "A listener might think of {setting}.",
    "What comes to mind is {setting}.",
)
NO_SETTING = (
    "Most listeners could picture what is going on.",
    "This event is at the centre of the recording.",
    "The surroundings are left to the imagination.",
    "Where this takes place is hard to say from the sound alone.",
)
ORDER = {
    "sequence": (
        "The sounds come one after another, so it has several stages.",
        "Its sounds are heard one after another, as a short course of events.",
        "As the sounds come one after another, a small story unfolds.",
    ),
    "together": (
        "The sounds overlap and are heard at the same time.",
        "Several sounds can be heard at the same time, as layers of one scene.",
        "Its sounds are present at the same time and form one scene.",
    ),
    "open": (),
}
REPEATED = (
    "At least one of the sounds goes on or comes back, which gives it a persistent quality.",
    "Something in it continues or repeats.",
    "Part of what is heard is continuous or repeated.",
    "Some of it keeps going or returns, so a listener gets used to it.",
)
FAR = (
    "Part of the sound seems to come from some distance, which gives the scene depth.",
    "Some of it lies in the background and adds a sense of space.",
    "Not everything is close to the microphone, so there is a sense of depth.",
    "A part of it is further away, and the scene feels wide.",
)
NEAR = (
    "Part of the sound is close to the listener.",
    "Some of it is close at hand, which makes it feel immediate.",
    "At least one sound is quite near the microphone.",
)
COMPARED = {
    "both": (
        "{Shared} can be heard in both audios, {only1} only in {audio1} and {only2} only in {audio2}.",
        "Both audios feature {shared}; {audio1} adds {only1}, and {audio2} adds {only2}.",
    ),
    "one": (
        "Both audios feature {shared}, but only {audio} has {only} as well.",
        "{Shared} can be heard in both audios, {only} only in {audio}.",
    ),
    "rest": (
        "Beyond that, {only1} can be heard only in {audio1} and {only2} only in {audio2}.",
        "Apart from what they share, {audio1} has {only1} and {audio2} has {only2}.",
    ),
    "rest of one": (
        "Beyond that, {only} can be heard only in {audio}.",
        "The difference in sources is that only {audio} has {only}.",
        "What {audio} adds to this is {only}.",
    ),
    "alike": (
        "The kind of sound is the same in both audios, so the difference lies in what happens and how.",
        "With sources so much alike, it is the events that tell them apart.",
        "The sources are related, so one has to listen for the events themselves.",
    ),
    "apart": (
        "In short, {audio1} is mainly about {only1}, whereas {audio2} is mainly about {only2}.",
        "{Only1} can be heard only in {audio1}, and {only2} only in {audio2}.",
        "The sources are thus of different kinds, with {only1} in {audio1} and {only2} in {audio2}.",
    ),
}
COMPARED_ORDER = {
    ("sequence", "together"): (
        "In {audio1} the sounds come one after another; in {audio2} they are heard at the same time.",
        "The sounds come one after another in {audio1}, but at the same time in {audio2}.",
    ),
    ("together", "sequence"): (
        "In {audio1} the sounds are heard at the same time; in {audio2} they come one after another.",
        "The sounds are heard at the same time in {audio1}, but one after another in {audio2}.",
    ),
}
FACTS_SENTENCES = (
    "Acoustically, {facts}.",
    "In terms of the sound itself, {facts}.",
    "The signals differ as well: {facts}.",
    "There are also audible differences in the signal, as {facts}.",
)
FACTS_TAILS = ("; in addition, {facts}", "; {facts}", "; acoustically, {facts}")
FACTS_IN_FEW_WORDS = (" {Facts}.", " In addition, {facts}.")
QUALITIES = {"brighter": "brighter in tone", "steadier": "steadier in level"}
CLOSINGS = {
    "apart": (
        "Overall, {audio1} leaves an impression of {impression1}, whereas {audio2} leaves one of {impression2}.",
        "To a listener, {audio1} conveys {impression1}, while {audio2} conveys {impression2}.",
        "What stays in the mind is {impression1} from {audio1} and {impression2} from {audio2}.",
        "As a listening experience, {audio1} stands for {impression1} and {audio2} for {impression2}.",
        "The overall impression is one of {impression1} in {audio1} and one of {impression2} in {audio2}.",
    ),
    "alike": (
        "The general impression is similar, but someone who listened closely would tell the two apart.",
        "Overall, the two audios call up related pictures without recording the same moment.",
        "To a listener, the two audios would feel related, though each has events that set it apart.",
        "Although the subject is much the same, these are two separate recordings.",
        "Overall, they are two versions of a similar situation.",
    ),
    "unknown": (
        "Overall, a listener would picture a different scene for each of the two audios.",
        "Each of the two audios leaves its own impression on the listener.",
        "Someone who heard both would describe each of them in different words.",
        "All in all, the two audios are easy to tell apart by ear.",
        "Taken together, these differences make the two audios easy to distinguish.",
    ),
}
FILLERS = (
    "The change from {audio1} to {audio2} would be clear even to someone who was not listening closely.",
    "A listener's attention is drawn to one thing in {audio1} and to something else in {audio2}.",
    "Different images come to mind for {audio1} and for {audio2}.",
    "Somebody who had heard only {audio1} would not know what to expect from {audio2}.",
    "Someone asked to retell {audio1} and {audio2} would tell two separate stories.",
    "The mood changes along with the scene from {audio1} to {audio2}.",
    "The events of {audio1} give no hint of those in {audio2}.",
    "Anyone who had to sort the two by subject would put them in separate places.",
    "The difference lies in the content and not only in how it was recorded.",
    "Going from one to the other, a listener has to form a new picture of the situation.",
    "Both are easy to follow, but they ask the listener to pay attention to different things.",
)
FILLERS_WHERE_ALIKE = (
    "Both could come from the same place on separate days.",
    "A listener who knows {audio1} would still find something new in {audio2}.",
    "Only the course of events makes it possible to tell one from the other.",
    "It would not be surprising to find both in the same collection of recordings.",
    "{audio2} is thus a variation on the subject of {audio1}, and not a copy of it.",
    "Someone asked to retell {audio1} and {audio2} would still tell two separate stories.",
    "Details matter more here than they would with two unrelated recordings.",
    "It takes close listening to say what exactly is different.",
)
