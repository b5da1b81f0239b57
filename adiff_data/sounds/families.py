"""Families of sounds, known by the words of a caption, and what a caption says of order and distance."""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Family:
    """A family of sounds.

    Attributes:
        name: a noun without an article: "voices".
        words: a regular expression of its words, matched between the bounds of words.
    """

    name: str
    words: str


# Each expression begins and ends at the bounds of words, and leaves out what has the word but not the sound:
# "rainforest", "waves goodbye", "fans cheer", "two types of bells".
FAMILIES = (
    Family(
        "voices",
        r"(?:m[ae]n|wom[ae]n|child|children|kids?|infants?|bab(?:y|ies)|boys?|girls?|adults?|(?:fe)?males?|person|people"
        r"|someone)(?: (?!birds?\b|dogs?\b|cats?\b|insects?\b|crickets?\b|while\b|as\b)[\w']+){0,4}?"
        r" (?:sing(?:s|ing)?|cr(?:y|ies|ying)|chat(?:s|ting)?|convers(?:es?|ing)|sa(?:ys?|ying|id)|mumbl\w+|murmur\w*"
        r"|sob(?:s|bing)?|hum(?:s|ming)? (?:a|along|to|and))"
        r"|speech(?:es)?|speak(?:s|ing)?|voices?|voiced|talk(?:s|ing|ed)?|laugh(?:s|ing|ed|ter)?|conversations?|chatter"
        r"|(?<!fireworks )(?<!engine )(?<!engines )scream(?:s|ing|ed)?|shout(?:s|ing|ed)?|yell(?:s|ing|ed)?"
        r"|whisper(?:s|ing|ed)?|giggl(?:es?|ing|ed)|narrat(?:es?|ing|ed|ion|or)|monologue|chant(?:s|ing)?"
        r"|cheer(?:s|ing|ed)?",
    ),
    Family(
        "bodily sounds",
        r"sneez(?:es?|ing|ed)|snor(?:es?|ing|ed)|cough(?:s|ing|ed)?|burp(?:s|ing|ed)?|belch(?:es|ing|ed)?"
        r"|fart(?:s|ing|ed)?|hiccup(?:s|ing)?|breath(?:es|ing)|wheez(?:es?|ing)|sniff(?:s|ing|les?|ling)?"
        r"|gasp(?:s|ing|ed)?|gulp(?:s|ing|ed)?",
    ),
    Family(
        "people in action",
        r"footsteps?|steps(?! (?:of|in pitch))|walk(?:s|ing|ed)?|clap(?:s|ping|ped)?(?! of thunder)|applau(?:d|ds|ding|ded|se)"
        r"|knock(?:s|ing|ed)?(?! over)|audience|crowds?|crowded|typing"
        r"|(?:person|man|woman|someone|she|he|who|and|then) types(?! of)"
        r"|(?:person|man|woman|someone|people|children|feet|shoes) (?:is |are )?(?:run|runs|running|jogs?|jogging)"
        r"(?! (?:\w+ )?(?:water|shower|faucet|sink))"
        r"|(?:person|man|woman|boy|girl|someone|somebody|men|people|he|she|who) (?:is |are |\w+ and )?whistl(?:es?|ing|ed)",
    ),
    Family(
        "animals",
        r"dogs?(?! (?:toys?|food|tags?|bowl))|(?<!tree )bark(?:s|ing|ed)?|cats?(?! food)|meow(?:s|ing|ed)?"
        r"|birds?(?! (?:feeder|cage))|birdsong|seagulls?|geese|chirp(?:s|ing|ed)?|tweet(?:s|ing|ed)?|roosters?"
        r"|crow(?:s|ing|ed)?|ducks?(?! (?:tape|call))|quack(?:s|ing)?|goats?|sheep|baa(?:s|ing)?|bleat(?:s|ing)?"
        r"|cows?(?! ?bells?)|moo(?:s|ing)?|horses?|neigh(?:s|ing)?|insects?|crickets?|bees?|frogs?|croak(?:s|ing)?"
        r"|buzz(?:es|ing)? (?:of|from) (?:a )?(?:bee|fly|insect)|pigeons?|coo(?:s|ing)?|owls?|pigs?|oink(?:s|ing)?"
        r"|animals?|growl(?:s|ing)?|howl(?:s|ing)? (?:dog|wolf)|clip.?clop\w*",
    ),
    Family(
        "engines",
        r"cars?(?! (?:doors?|keys?|alarms?|wash|radio|seat))|trucks?(?! doors?)|vehicles?(?! doors?)"
        r"|trains?(?! (?:set|toy))|bus(?:es)?|helicopters?|airplanes?|aircrafts?|planes?|motorcycles?|motorbikes?"
        r"|motorboats?|jets?(?! (?:of|spray))|boats?|(?<!foot )traffic|tractors?",
    ),
    Family(
        "machines",
        r"machines?(?![ -]?guns?)|machinery|drill(?:s|ing|ed)?|saw(?:s|ing|ed)?|chainsaws?|hammer(?:s|ing|ed)?|sewing"
        r"|clippers?|vacuum(?:s|ing)?|fans?(?! (?:cheer|clap|yell|scream|shout|sing|chant|applaud)\w*)"
        r"|pump(?:s|ing|ed)?|printers?|blenders?|generators?|propellers?|mechanical|whir(?:s|ring|red)?"
        r"|trimmers?|(?:weed ?(?:whackers?|eaters?))|(?:lawn ?)?mowers?|leaf ?blowers?|(?:hair ?|blow ?)dryers?",
    ),
    Family(
        "water",
        r"waters?(?! ?melons?)|waterfalls?|(?<!man )(?<!woman )(?<!person )(?<!child )(?<!hand )(?<!radio )(?<!sound )"
        r"waves?(?! (?:good|hello|at|to|his|her|their|a)\b)(?! ?goodbye)|oceans?|sea(?! lions?)|splash(?:es|ing|ed)?"
        r"|streams?(?! of (?:air|traffic|cars|gas|steam))|rivers?|drip(?:s|ping|ped)?|toilets?(?! (?:paper|seat|lid))"
        r"|(?<!rain )(?<!rain is )pour(?:s|ing|ed)?(?! (?:\w+ )?(?:rain|rice|sand|gravel|cereal|beans|coins))"
        r"|faucets?|bubbl(?:es?|ing)(?! wrap)|gurgl(?:es?|ing)|(?<!rain )showers?(?! of)|surf",
    ),
    Family(
        "weather",
        r"rain|rains|raining|rained|rainy|rainfalls?|raindrops?|rainstorms?|rainwater"
        r"|thunder(?:s|ing|storms?|claps?)?"
        r"|(?<!to )winds?(?! (?:up|down|chimes?|instruments?))|windy|storms?(?! (?:out|off|into|away|doors?|drains?))"
        r"|stormy|hail(?:s|ing|storm)?(?! a)|gust(?:s|ing|y)?",
    ),
    Family(
        "music",
        r"music|musical(?:ly)?|musicians?|pianos?|guitars?|(?<!oil )(?<!steel )(?<!metal )drum(?:s|ming|mer)?(?! (?:his|her|their))"
        r"|flutes?|violins?|trumpets?|(?<!bird )(?<!birds )song(?! of)|melod(?:y|ies|ic)|tune(?! (?:in|into|to))|orchestra|chords?|harps?"
        r"|(?<!an )organs?",
    ),
    Family(
        "signals",
        r"bells?(?! peppers?)|sirens?|alarms?|beep(?:s|ing|ed|ers?)?|horns?|honk(?:s|ing|ed)?|ring(?:s|ing)?(?! of)"
        r"|chim(?:es?|ing)|toll(?:s|ing)|(?:tele)?phones?(?! (?:booth|pole|call|book)s?)"
        r"|(?:trains?|engines?|steam|kettles?|police|referees?) (?:is |are )?whistl(?:es?|ing|ed)"
        r"|(?:an?|the|its|his|her|their) (?:\w+[ -]){0,2}whistle|bl[eo]w(?:s|ing)? (?:\w+ ){0,2}whistles?",
    ),
    Family(
        "clocks",
        r"clocks?|tick(?:s|ing|ed)?|tick.?tock\w*|metronomes?",
    ),
    Family(
        "fire",
        r"campfires?|bonfires?|fireplaces?|flames?|burn(?:s|ing)|crackling fire|crackl\w* of (?:a |the )?(?:\w+ )?fire"
        r"|fire(?= (?:is )?(?:crackl|burn|pop|roar))",
    ),
    Family(
        "blasts",
        r"gunshots?|gunfire|(?<!nail )(?<!staple )(?<!glue )(?<!spray )(?<!heat )guns?|rifles?|shotguns?|pistols?|shots"
        r"|explosions?|explosives?|explod(?:es?|ing|ed)|fireworks?"
        r"|(?<!horn )(?<!horns )(?<!whistle )(?<!air )blast(?:s|ing|ed)?(?! (?:of|(?:a|its|the|their|his) (?:\w+ )?(?:horn|whistle|air)))",
    ),
    Family(
        "handled objects",
        r"bang(?:s|ing|ed)?|clang(?:s|ing|ed)?|clank(?:s|ing|ed)?|clink(?:s|ing|ed)?|thud(?:s|ding)?|thump(?:s|ing|ed)?"
        r"|hit(?:s|ting)?|slam(?:s|ming|med)?|scrap(?:e|es|ing|ed|er)|rustl(?:es?|ing|ed)|rattl(?:es?|ing|ed)"
        r"|creak(?:s|ing|y)?|squeak(?:s|ing|y)?|(?<!pig )(?<!pigs )squeal(?:s|ing)?|crinkl(?:es?|ing|ed)"
        r"|crunch(?:es|ing|ed|y)?|click(?:s|ing|ed)?|(?<!the )tap(?:s|ping|ped)?(?! water)|doors?(?! ?bells?)"
        r"|rub(?:s|bing|bed)?|crumpl(?:es?|ing|ed)|shuffl(?:es?|ing|ed)|sand(?:s|ing)(?! and)|objects?|items?|tools?"
        r"|papers?|pages?|zippers?|scratch(?:es|ing|ed|y)?|bounc(?:es?|ing|ed)|dropped|writ(?:es|ing)|cut(?:s|ting)",
    ),
    Family(
        "noise",
        r"static|white noise|(?<!cat )(?<!snake )hiss(?:es|ing)?|(?<!man )(?<!woman )(?<!person )hum(?:s|ming)?(?! (?:a|to|along))"
        r"|(?<!insect )(?<!insects )(?<!bee )(?<!bees )(?<!fly )(?<!flies )(?<!insects are )(?<!bees are )"
        r"buzz(?:es|ing)?(?! (?:of|from) (?:a )?(?:bee|fly|insect))|drones?|electronic|electronically|synthesi\w+|radio"
        r"|whoosh(?:es|ing)?",
    ),
    Family(
        "food",
        r"(?<!dog )(?<!cat )food|fry(?:ing)?|fries|sizzl(?:es?|ing|ed)|cook(?:s|ing|ed)?|eat(?:s|ing)?|chew(?:s|ing)?"
        r"|(?<!satellite )dish(?:es)?|kitchen|silverware|cutlery",
    ),
)
_POWERED = re.compile(
    r"\b(?:engines?|motor|motors|motorized|idl(?:es|ing)|rev(?:s|ving|ved)?|accelerat(?:es|ing|ed|ion))\b"
)

_SEQUENCE = re.compile(r"\b(then|followed by|before|after|afterwards|finally|later|next|eventually|comes first)\b")
_TOGETHER = re.compile(
    r"\b(while|as(?! if| it were)|at the same time|along with|at once|in the background|accompan\w+)\b"
)
_REPEATED = re.compile(
    r"\b(repeat\w*|again and again|over and over|continu\w+|constant\w*|throughout|steady|steadily|rhythmic\w*"
    r"|without a pause|regular\w*|several times|multiple times)\b"
)
_FAR = re.compile(r"\b(distan\w+|far away|from afar|background|faint\w*|muffled)\b")
_NEAR = re.compile(r"\b(nearby|close by|close|right in front)\b")


@dataclass(frozen=True)
class Reading:
    """What the words of a caption tell.

    Attributes:
        families: the families named, in the order of their first words.
        order: `sequence`, `together`, or `open` where the words do not tell.
        repeated: whether it says that something goes on or comes again.
        far, near: whether it says so of something.
    """

    families: tuple[Family, ...]
    order: str
    repeated: bool
    far: bool
    near: bool


@lru_cache(maxsize=65_536)
def read_caption(caption: str) -> Reading:
    """Reads a caption by its words."""
    text = caption.lower()
    mentions = [(match.start(), family) for family, words in _COMPILED if (match := words.search(text))]
    named = {family.name for _, family in mentions}
    if (powered := _POWERED.search(text)) and not named & {
        "engines",
        "machines",
    }:  # "the motor of a trimmer" is a machine
        mentions.append((powered.start(), _ENGINES))
    families = tuple(family for _, family in sorted(mentions, key=lambda item: item[0]))
    order = "open"
    if _TOGETHER.search(text) and len(families) > 1:  # one source may do two things at once
        order = "together"
    if _SEQUENCE.search(text):
        order = "sequence"
    return Reading(
        families=families,
        order=order,
        repeated=bool(_REPEATED.search(text)),
        far=bool(_FAR.search(text)),
        near=bool(_NEAR.search(text)),
    )


_COMPILED = tuple((family, re.compile(rf"\b(?:{family.words})\b")) for family in FAMILIES)
_ENGINES = next(family for family in FAMILIES if family.name == "engines")
