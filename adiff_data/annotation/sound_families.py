"""Families of sounds, known by the words of a caption, and what a caption says of order and distance."""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Family:
    """A family of sounds.

    Attributes:
        name: a noun without an article: "voices".
        words: a regular expression of its words, matched at word starts.
        place: what a listener takes the place for.
        feel: what a recording of the family does to a listener: a verb phrase.
    """

    name: str
    words: str
    place: str
    feel: str


FAMILIES = (
    Family(
        "voices",
        r"(man|men|woman|women|child|children|kids?|bab(y|ies)|boys?|girls?|adults?|males?|females?|person|people|someone)\b"
        r"(?=.*\b(talk|speak|sing|laugh|yell|shout|scream|cr(y|ie)|whisper|chat|convers|cough|sneez|snor|sob|giggl|hum))"
        r"|speech|speak|voice|talk|laugh|conversation|chatter|scream|shout|yell|whisper|giggl|sneez|snor|cough",
        "a place where people are",
        "draws the ear to people",
    ),
    Family(
        "people in action",
        r"footstep|steps\b|walk|clap|applau|knock|audience|crowd|typing|types\b|runn?ing down",
        "a place that somebody moves through",
        "suggests somebody at work or on the way",
    ),
    Family(
        "animals",
        r"dogs?\b|bark|cats?\b|meow|birds?\b|chirp|tweet|rooster|crow(s|ing)?\b|ducks?\b|quack|goats?\b|sheep"
        r"|baa|bleat|cows?\b|moo|horses?\b|neigh"
        r"|insects?\b|crickets?\b|bees?\b|buzz(es|ing)? (of|from) (a )?(bee|fly|insect)|frogs?\b|croak|pigeons?\b|coo(s|ing)\b|owls?\b|pigs?\b|oink|animals?\b|growl|howl(s|ing)? (dog|wolf)|clip.?clop",
        "a place with living creatures",
        "brings in something alive",
    ),
    Family(
        "engines",
        r"cars?\b|trucks?\b|vehicles?\b|engines?\b|motor|trains?\b|bus(es)?\b|helicopter|airplanes?\b|aircraft|planes?\b|jets?\b|boats?\b|traffic|rev(s|ving|ved)?\b|idl(es|ing)|acceler",
        "a place with engines running",
        "has a mechanical character",
    ),
    Family(
        "machines",
        r"machine|drill|saw(s|ing)?\b|chainsaw|hammer|sewing|clippers?\b|vacuum|fan\b|pump|printer|blender|generator|propeller|mechanical|whir",
        "a workshop or a room with a device running",
        "has the sense of a device at work",
    ),
    Family(
        "water",
        r"water|wave|ocean|sea\b|stream\b|river|splash|drip|pour|toilet|faucet|bubbl|gurgl|waterfall|shower|surf\b",
        "a place with water",
        "flows as water does",
    ),
    Family(
        "weather",
        r"rain|thunder|wind\b|wind (blow|gust)|windy|storm|hail\b|gust",
        "the open air, in changing weather",
        "puts the listener out of doors",
    ),
    Family(
        "music",
        r"music|piano|guitar|drum|flute|violin|trumpet|song\b(?! of)|melod|tune\b|orchestra|chord|harp\b|organ\b",
        "a place where music is made",
        "invites one to follow it as music",
    ),
    Family(
        "signals",
        r"bells?\b|siren|alarm|beep|horn|honk|ring(s|ing)?\b|chime|whistl|toll(s|ing)\b|telephone|phone",
        "a place where something calls for attention",
        "calls for attention",
    ),
    Family(
        "clocks",
        r"clock|tick(s|ing|-tock)?\b|metronome",
        "a room in which time can be heard passing",
        "makes one aware of time passing",
    ),
    Family(
        "fire",
        r"campfire|bonfire|fireplace|flames?\b|burn(s|ing)\b|crackling fire\b|crackl\w* of (a |the )?(\w+ )?fire\b"
        r"|fire\b(?= (is )?(crackl|burn|pop|roar))",
        "a place by a fire",
        "suggests the warmth of a fire",
    ),
    Family(
        "blasts",
        r"gunshots?\b|gunfire|guns?\b|shots\b|explosi|explod|firework|blast",
        "a place where something goes off",
        "startles",
    ),
    Family(
        "handled objects",
        r"bang|clang|clank|clink|thud|thump|hit(s|ting)?\b|slam|scrap|rustl|rattl|creak|squeak|squeal|crinkl|crunch|click|tap(s|ping)?\b|door|rub(s|bing)?\b|crumpl|shuffl|sand(s|ing)\b",
        "a place where things are handled",
        "makes one think of things being touched and moved",
    ),
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
    found = [(match.start(), family) for family, words in _COMPILED if (match := words.search(text))]
    families = tuple(family for _, family in sorted(found, key=lambda item: item[0]))
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


_COMPILED = tuple((family, re.compile(rf"\b(?:{family.words})")) for family in FAMILIES)
