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
    """

    name: str
    words: str


FAMILIES = (
    Family(
        "voices",
        r"(man|men|woman|women|child|children|kids?|infants?|bab(y|ies)|boys?|girls?|adults?|males?|females?|person|people|someone)\b"
        r"(?=.*\b(talk|speak|sing|laugh|yell|shout|scream|cr(y|ie)|whisper|chat|convers|say|mumbl|murmur|sob|giggl|hum))"
        r"|speech|speak|voice|talk|laugh|conversation|chatter\b|scream|shout|yell|whisper|giggl|narrat|monologue|chant",
    ),
    Family(
        "bodily sounds",
        r"sneez|snor(e|ing)|cough|burp|belch|fart(s|ing|ed)?\b|hiccup|breath(es|ing)\b|wheez|sniff|gasp|gulp",
    ),
    Family(
        "people in action",
        r"footstep|steps\b|walk|clap|applau|knock|audience|crowd|typing|types\b|runn?ing down",
    ),
    Family(
        "animals",
        r"dogs?\b|bark|cats?\b|meow|birds?\b|chirp|tweet|rooster|crow(s|ing)?\b|ducks?\b|quack|goats?\b|sheep"
        r"|baa|bleat|cows?\b|moo|horses?\b|neigh"
        r"|insects?\b|crickets?\b|bees?\b|buzz(es|ing)? (of|from) (a )?(bee|fly|insect)|frogs?\b|croak|pigeons?\b|coo(s|ing)\b|owls?\b|pigs?\b|oink|animals?\b|growl|howl(s|ing)? (dog|wolf)|clip.?clop",
    ),
    Family(
        "engines",
        r"cars?\b|trucks?\b|vehicles?\b|engines?\b|motor|trains?\b|bus(es)?\b|helicopter|airplanes?\b|aircraft|planes?\b|jets?\b(?! of| spray)|boats?\b|traffic|rev(s|ving|ved)?\b|idl(es|ing)|acceler",
    ),
    Family(
        "machines",
        r"machine|drill|saw(s|ing)?\b|chainsaw|hammer|sewing|clippers?\b|vacuum|fan\b|pump|printer|blender|generator|propeller|mechanical|whir",
    ),
    Family(
        "water",
        r"water|wave|ocean|sea\b|stream\b|river|splash|drip|(?<!rain )(?<!rain is )pour(?!\w* rain)|toilet|faucet|bubbl|gurgl|waterfall|shower|surf\b",
    ),
    Family(
        "weather",
        r"rain|thunder|wind\b|wind (blow|gust)|windy|storm|hail\b|gust",
    ),
    Family(
        "music",
        r"music|piano|guitar|drum|flute|violin|trumpet|song\b(?! of)|melod|tune\b|orchestra|chord|harp\b|organ\b",
    ),
    Family(
        "signals",
        r"bells?\b|siren|alarm|beep|horn|honk|ring(s|ing)?\b|chime|whistl(es?|ing|ed)?\b(?! winds?\b)|toll(s|ing)\b|telephone|phone",
    ),
    Family(
        "clocks",
        r"clock|tick(s|ing|-tock)?\b|metronome",
    ),
    Family(
        "fire",
        r"campfire|bonfire|fireplace|flames?\b|burn(s|ing)\b|crackling fire\b|crackl\w* of (a |the )?(\w+ )?fire\b"
        r"|fire\b(?= (is )?(crackl|burn|pop|roar))",
    ),
    Family(
        "blasts",
        r"gunshots?\b|gunfire|guns?\b|shots\b|explosi|explod|firework|blast",
    ),
    Family(
        "handled objects",
        r"bang|clang|clank|clink|thud|thump|hit(s|ting)?\b|slam|scrap|rustl|rattl|creak|squeak|squeal|crinkl|crunch|click|tap(s|ping)?\b|doors?\b(?! ?bell)|rub(s|bing|bed)?\b|crumpl|shuffl|sand(s|ing)\b|objects?\b|items?\b|tools?\b|papers?\b|pages?\b|zipper|scratch|bounc|dropped\b|writ(es|ing)\b|cut(s|ting)\b",
    ),
    Family(
        "noise",
        r"static\b|white noise|hiss|hum(s|ming)?\b(?! (a|to|along))|(?<!insect )(?<!insects )(?<!bee )(?<!bees )(?<!fly )(?<!flies )buzz(es|ing)?\b(?! (of|from) (a )?(bee|fly|insect))|drones?\b|electronic|synthes|radio\b|whoosh",
    ),
    Family(
        "food",
        r"food\b|fry(ing)?\b|fries\b|sizzl|cook(s|ing)?\b|eat(s|ing)?\b|chew|dish(es)?\b|kitchen|silverware|cutlery",
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
    mentions = [(match.start(), family) for family, words in _COMPILED if (match := words.search(text))]
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


_COMPILED = tuple((family, re.compile(rf"\b(?:{family.words})")) for family in FAMILIES)
