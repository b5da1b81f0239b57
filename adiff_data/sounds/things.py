"""Plain names of sounds, finer than the families: what a person would say that two recordings have in common.

By family: what a text may call a sound (matched between the bounds of words), and its name for both audios. Every name
fits "… can be heard in both audios". A general name is used only where no finer one of its family is shared.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

Things = Mapping[str, tuple[tuple[str, str], ...]]

_SPEECH = (
    r"(?:speak(?:s|ing)?|spoke|talk(?:s|ing|ed)?|narrat\w*|convers(?:es?|ing|ations?)|say(?:s|ing)?|announc(?:es?|ing))"
)
_SOME_WORDS = r"(?: (?!wom[ae]n\b|m[ae]n\b|child\b|children\b)[\w']+){0,3} "

_THINGS: Things = {
    "voices": (
        (rf"(?:m[ae]n|males?|guys?){_SOME_WORDS}{_SPEECH}|male (?:voices?|speech|speaker)", "a male voice"),
        (rf"(?:wom[ae]n|females?|lady){_SOME_WORDS}{_SPEECH}|female (?:voices?|speech|speaker)", "a female voice"),
        (r"children|kids?|child", "children"),
        (r"(?:bab(?:y|ies)|infants?)(?: \w+){0,3} cr(?:y|ies|ying)|cr(?:y|ies|ying) bab(?:y|ies)", "a crying baby"),
        (r"singing|sings?", "singing"),
        (r"laugh\w*|giggl\w*", "laughter"),
        (r"scream\w*|yell\w*|shout\w*", "shouting"),
        (r"whisper\w*", "whispering"),
        (r"cheer(?:s|ing|ed)?", "cheering"),
        (r"chant\w*", "chanting"),
        (r"sigh(?:s|ing|ed)?", "sighing"),
    ),
    "bodily sounds": (
        (r"snor\w+", "snoring"),
        (r"sneez\w+", "sneezing"),
        (r"cough\w*", "coughing"),
        (r"burp\w*|belch\w*", "burping"),
        (r"breath\w*", "breathing"),
        (r"fart\w*", "farting"),
        (r"hiccup\w*", "hiccups"),
        (r"sniff\w*", "sniffing"),
        (r"gulp\w*|swallow\w*", "swallowing"),
    ),
    "people in action": (
        (r"footsteps?|walk(?:s|ing|ed)?|steps", "footsteps"),
        (r"applau\w+|clap(?:s|ping|ped)?(?! of thunder)", "applause"),
        (r"knock(?:s|ing|ed)?(?! over)", "knocking"),
        (r"typ(?:es|ing)(?! of)|typewriters?|computer keyboards?", "typing"),
        (r"(?:person|man|woman|boy|girl|someone)(?: is)? whistl\w+", "somebody whistling"),
    ),
    "animals": (
        (r"(?:sea)?gulls?", "seagulls"),
        (r"roosters?|cock-?a-?doodle\w*", "a rooster"),
        (r"chickens?|hens?|cluck\w*", "chickens"),
        (r"crows?(?! (?:nest|bar))|caw\w*", "crows"),
        (r"geese|goose", "geese"),
        (r"ducks?|quack\w*", "ducks"),
        (r"pigeons?|doves?|coo(?:s|ing)", "pigeons"),
        (r"owls?|hoot\w*", "an owl"),
        (r"birds?|birdsong|tweet\w*", "birds"),
        (r"dogs?(?! (?:toys?|food|tags?|bowl))|pupp(?:y|ies)", "a dog"),
        (r"cats?(?! food)|meow\w*|kittens?", "a cat"),
        (r"horses?|neigh\w*|hooves|clip.?clop\w*", "a horse"),
        (r"cows?(?! ?bells?)|moo(?:s|ing)?", "a cow"),
        (r"pigs?|oink\w*", "a pig"),
        (r"sheep|baa(?:s|ing)?", "sheep"),
        (r"goats?", "a goat"),
        (r"crickets?", "crickets"),
        (
            r"bees?|wasps?|mosquito(?:es)?|hous?e ?fl(?:y|ies)|fl(?:y|ies) buzz\w*|buzz\w* (?:of )?(?:a )?fl(?:y|ies)",
            "buzzing insects",
        ),
        (r"frogs?|croak\w*", "frogs"),
        (r"turkeys?", "a turkey"),
        (r"monsters?|zombies?|dinosaurs?|t[. -]*rex", "a monster"),
        (r"growl\w*", "growling"),
        (r"howl\w*", "howling"),
        (r"bark(?:s|ing|ed)?", "barking"),
        (r"chirp\w*", "chirping"),
    ),
    "engines": (
        (r"trains?(?! (?:set|toy))", "a train"),
        (r"helicopters?", "a helicopter"),
        (r"motorcycles?|motorbikes?", "a motorcycle"),
        (r"planes?|airplanes?|aircrafts?|jets?(?! (?:of|spray))", "an aircraft"),
        (r"(?:motor|speed)?boats?", "a boat"),
        (r"bus(?:es)?", "a bus"),
        (r"trucks?(?! doors?)", "a truck"),
        (r"tractors?", "a tractor"),
        (r"(?<!foot )traffic", "traffic"),
        (r"cars?(?! (?:doors?|keys?|alarms?|wash|radio|seat))", "a car"),
        (
            r"(?:tires?|tyres?|brakes?) (?:are |is )?(?:squeal|screech|skid)\w*|(?:squeal|screech|skid)\w* (?:\w+ )?ti?y?res",
            "squealing tires",
        ),
        (r"rev(?:s|ving|ved)?|accelerat\w*", "a revving engine"),
        (r"idl(?:es?|ing)", "an idling engine"),
    ),
    "machines": (
        (r"sewing machines?", "a sewing machine"),
        (r"washing machines?|(?<!pressure )washers?", "a washing machine"),
        (r"chain ?saws?", "a chainsaw"),
        (r"(?:lawn ?)?mowers?", "a lawn mower"),
        (r"(?:hair ?|blow ?)dryers?", "a hair dryer"),
        (r"vacuum\w*", "a vacuum cleaner"),
        (r"blenders?", "a blender"),
        (r"clippers?", "clippers"),
        (r"trimmers?|weed ?(?:whackers?|eaters?)", "a trimmer"),
        (r"drill\w*", "a drill"),
        (r"saw(?:s|ing|ed)?", "sawing"),
        (r"hammer\w*", "hammering"),
        (r"fans?(?! (?:cheer|clap|yell|scream|shout|sing|chant|applaud)\w*)", "a fan"),
        (r"printers?", "a printer"),
        (r"pump(?:s|ing|ed)?", "a pump"),
        (r"power tools?", "a power tool"),
    ),
    "water": (
        (r"waterfalls?", "a waterfall"),
        (r"rivers?|creeks?|brooks?|streams?(?! of (?:air|traffic|cars|gas|steam))", "a stream"),
        (
            r"(?<!man )(?<!woman )(?<!person )(?<!sound )waves?(?! (?:good|hello|at|to|his|her|their|a)\b)|ocean|sea(?! lions?)|surf",
            "waves",
        ),
        (r"toilets?(?! (?:paper|seat|lid))|flush\w*", "a toilet"),
        (r"splash\w*", "splashing"),
        (r"drip\w*", "dripping"),
        (r"bubbl(?:es?|ing)(?! wrap)|gurgl\w*", "bubbling"),
        (r"faucets?|taps?(?= (?:is |water|runs?|running))|tap water", "a tap"),
        (r"(?<!rain )showers?(?! of)", "a shower"),
        (r"water (?:is |are )?(?:being )?pour\w*|pour\w* (?:\w+ ){0,2}water", "water being poured"),
    ),
    "weather": (
        (r"rain\w*(?<!rainforest)", "rain"),
        (r"thunder\w*", "thunder"),
        (r"(?<!to )winds?(?! (?:up|down|chimes?|instruments?))|windy|gust\w*", "wind"),
        (r"hail(?:s|ing|storm)?(?! a)", "hail"),
        (r"storms?(?! (?:out|off|into|away|doors?|drains?))|stormy", "a storm"),
    ),
    "music": (
        (r"pianos?", "a piano"),
        (r"guitars?", "a guitar"),
        (r"drum(?:s|ming|mer)?", "drums"),
        (r"flutes?", "a flute"),
        (r"violins?|fiddles?", "a violin"),
        (r"trumpets?", "a trumpet"),
        (r"organs?", "an organ"),
        (r"harps?", "a harp"),
        (r"melod(?:y|ies)", "a melody"),
    ),
    "signals": (
        (r"sirens?", "a siren"),
        (r"door ?bells?", "a doorbell"),
        (r"bells?(?! peppers?)", "a bell"),
        (r"alarms?", "an alarm"),
        (r"horns?|honk\w*", "a horn"),
        (r"(?:tele)?phones?(?! (?:booth|pole|call|book)s?)", "a telephone"),
        (r"beep\w*", "beeping"),
        (r"chim(?:es?|ing)", "chimes"),
        (r"ring(?:s|ing)?(?! of)", "ringing"),
        (r"(?:an?|the|its|train|steam|referee) (?:\w+ )?whistles?", "a whistle"),
    ),
    "clocks": (
        (r"clocks?", "a clock"),
        (r"tick(?:s|ing|ed)?|tick.?tock\w*|metronomes?", "ticking"),
    ),
    "fire": (
        (
            r"campfires?|bonfires?|fireplaces?|flames?|fire(?= (?:is )?(?:crackl|burn|pop|roar))|crackling fire",
            "a fire",
        ),
    ),
    "blasts": (
        (r"machine ?guns?", "a machine gun"),
        (r"fireworks?", "fireworks"),
        (r"explo\w+", "explosions"),
        (
            r"gunshots?|gunfire|shots|(?:guns?|rifles?|pistols?|shotguns?) (?:\w+ ){0,2}(?:fir\w+|shoot\w*|shot)"
            r"|fir(?:es?|ed|ing) (?:of )?(?:an? |the )?(?:\w+ )?(?:guns?|rifles?|pistols?|shotguns?)",
            "gunfire",
        ),
        (r"guns?|rifles?|pistols?|shotguns?", "a gun"),
        (r"blast(?:s|ing|ed)?", "a blast"),
    ),
    "handled objects": (
        (r"doors?(?! ?bells?)", "a door"),
        (r"papers?|pages?", "paper"),
        (r"coins?", "coins"),
        (r"chains?", "a chain"),
        (r"zippers?|zips?|zipping", "a zipper"),
        (r"drawers?", "a drawer"),
        (r"balloons?", "a balloon"),
        (r"scissors", "scissors"),
        (r"brooms?|sweep\w*", "sweeping"),
        (r"(?:basket|tennis |ping.?pong |foot)balls?|balls?", "a ball"),
        (r"glass(?:es)?", "glass"),
        (r"plastic", "plastic"),
        (r"metal(?:lic)?", "metal"),
        (r"click\w*", "clicking"),
        (r"(?<!the )tap(?:s|ping|ped)(?! water)", "tapping"),
        (r"rustl\w+", "rustling"),
        (r"rattl\w+", "rattling"),
        (r"squeak\w*", "squeaking"),
        (r"creak\w*", "creaking"),
        (r"scrap(?:es?|ing|ed)", "scraping"),
        (r"scratch\w*", "scratching"),
        (r"crunch\w*", "crunching"),
        (r"cr(?:inkl|umpl)\w*", "crinkling"),
        (r"clink\w*|clank\w*|clang\w*", "clinking"),
        (r"clatter\w*", "clattering"),
        (r"thud\w*|thump\w*", "thumping"),
        (r"bang(?:s|ing|ed)?", "banging"),
        (r"slam(?:s|ming|med)?", "slamming"),
        (r"rub(?:s|bing|bed)?", "rubbing"),
        (r"jingl\w*", "jingling"),
        (r"writ(?:es|ing)", "writing"),
        (r"tear(?:s|ing)|rip(?:s|ping|ped)", "tearing"),
    ),
    "noise": (
        (r"(?<!cat )(?<!snake )hiss\w*", "hissing"),
        (r"(?<!insects )(?<!bees )buzz\w*", "buzzing"),
        (r"(?<!man )(?<!woman )(?<!person )hum(?:s|ming)?(?! (?:a|to|along))", "humming"),
        (r"static", "static"),
        (r"radio", "a radio"),
        (r"whoosh\w*|swoosh\w*|swish\w*", "whooshing"),
        (r"rumbl\w*", "rumbling"),
        (r"roar\w*", "roaring"),
        (r"crackl\w*", "crackling"),
        (r"screech\w*", "screeching"),
        (r"squeal\w*", "squealing"),
        (r"grind\w*", "grinding"),
        (r"vibrat\w*", "something vibrating"),
        (r"electronic\w*|synthe\w+", "electronic sounds"),
        (r"pop(?:s|ping|ped)", "popping"),
        (r"whirr?(?:s|ing)?", "whirring"),
    ),
    "food": (
        (r"sizzl\w+|fry(?:ing)?|fries", "sizzling"),
        (r"(?<!satellite )dish(?:es)?|silverware|cutlery|plates?", "dishes"),
        (r"eat(?:s|ing)?|chew(?:s|ing)?", "eating"),
        (r"chop(?:s|ping)", "chopping"),
        (r"boil(?:s|ing)?", "boiling"),
    ),
}
_GENERAL: Things = {
    "voices": (
        (
            r"speech|speak(?:s|ing)?|spoke|talk(?:s|ing|ed)?|convers(?:es?|ing|ations?)|chat(?:s|ting)?"
            r"|(?:people|crowd|men|women|person|man|woman|kids|children|they|restaurant) (?:\w+ ){0,2}chatter\w*|chatter of (?:people|a crowd)",
            "people talking",
        ),
    ),
    "people in action": ((r"crowds?|crowded|audience", "a crowd"),),
    "animals": ((r"insects?|bugs?", "insects"),),
    "engines": ((r"vehicles?(?! doors?)", "a vehicle"), (r"engines?|motors?", "an engine")),
    "machines": ((r"machines?(?![ -]?guns?)|machinery", "a machine"),),
    "water": ((r"water", "water"),),
    "music": ((r"music|songs?", "music"),),
}
GENERAL_NAMES = frozenset(name for named in _GENERAL.values() for _, name in named)


def named_things(text: str) -> tuple[tuple[str, str], ...]:
    """The finer things that a text names, each with its family, in the order of their first words."""
    return _named(text.lower(), _FINE)


def named_generally(text: str) -> tuple[tuple[str, str], ...]:
    """The same by general names."""
    return _named(text.lower(), _ROUGH)


def places_of_things(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """Wherever a text names a thing: start, end, family and name, by the finer name where one stands there."""
    lowered = text.lower()
    fine, rough = _places(lowered, _FINE), _places(lowered, _ROUGH)
    others = [place for place in rough if not any(place[0] < end and start < place[1] for start, end, _, _ in fine)]
    return tuple(sorted([*fine, *others]))


Compiled = tuple[tuple[str, re.Pattern[str], str], ...]


def _compiled(things: Things) -> Compiled:
    return tuple(
        (family, re.compile(rf"\b(?:{words})\b"), name) for family, named in things.items() for words, name in named
    )


_FINE, _ROUGH = _compiled(_THINGS), _compiled(_GENERAL)


@lru_cache(maxsize=65_536)
def _named(text: str, things: Compiled) -> tuple[tuple[str, str], ...]:
    found: Iterable[tuple[int, str, str]] = (
        (match.start(), family, name) for family, words, name in things if (match := words.search(text))
    )
    return tuple((family, name) for _, family, name in sorted(found))


def _places(text: str, things: Compiled) -> list[tuple[int, int, str, str]]:
    return [(*match.span(), family, name) for family, words, name in things for match in words.finditer(text)]
