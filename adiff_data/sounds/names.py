"""What two captions of one family of sounds have in common, by its plain name: "a siren" and not "signal sounds"."""

import re

# By family: what a caption may call a sound (matched between the bounds of words), and its name for both audios.
_NAMES = {
    "voices": (
        (r"singing|sings?", "singing"),
        (r"laugh\w*|giggl\w*", "laughter"),
        (r"scream\w*|yell\w*|shout\w*", "shouting"),
        (r"speech|speak\w*|talk\w*|convers\w*", "people talking"),
    ),
    "bodily sounds": (
        (r"snor\w+", "snoring"),
        (r"sneez\w+", "sneezing"),
        (r"cough\w*", "coughing"),
        (r"burp\w*|belch\w*", "burping"),
        (r"breath\w*", "breathing"),
    ),
    "people in action": (
        (r"footsteps?|walk\w*|steps", "footsteps"),
        (r"applau\w+|clap\w*", "applause"),
        (r"knock\w*", "knocking"),
        (r"typ(?:es|ing)", "typing"),
        (r"whistl\w+", "whistling"),
        (r"crowds?|audience", "a crowd"),
    ),
    "animals": (
        (r"birds?|chirp\w*|tweet\w*", "birds"),
        (r"dogs?", "a dog"),
        (r"cats?|meow\w*", "a cat"),
        (r"horses?", "a horse"),
        (r"crickets?", "crickets"),
        (r"insects?", "insects"),
        (r"frogs?", "frogs"),
        (r"ducks?", "ducks"),
        (r"sheep", "sheep"),
        (r"goats?", "a goat"),
        (r"pigeons?", "pigeons"),
    ),
    "engines": (
        (r"trains?", "a train"),
        (r"helicopters?", "a helicopter"),
        (r"motorcycles?|motorbikes?", "a motorcycle"),
        (r"planes?|airplanes?|aircraft", "an aircraft"),
        (r"(?:motor)?boats?", "a boat"),
        (r"cars?|traffic", "cars"),
        (r"trucks?", "a truck"),
        (r"engines?|motors?", "an engine"),
    ),
    "machines": (
        (r"sewing machines?", "a sewing machine"),
        (r"drill\w*", "a drill"),
        (r"saw(?:s|ing)?", "sawing"),
        (r"fans?", "a fan"),
        (r"printers?", "a printer"),
        (r"machines?|machinery", "a machine"),
    ),
    "water": (
        (r"waves?|ocean|sea|surf", "waves"),
        (r"toilets?", "a toilet"),
        (r"splash\w*", "splashing"),
        (r"drip\w*", "dripping"),
        (r"water", "water"),
    ),
    "weather": (
        (r"rain\w*", "rain"),
        (r"thunder\w*", "thunder"),
        (r"winds?|windy|gust\w*", "wind"),
    ),
    "music": (
        (r"pianos?", "a piano"),
        (r"guitars?", "a guitar"),
        (r"drum\w*", "drums"),
        (r"flutes?", "a flute"),
    ),
    "signals": (
        (r"sirens?", "a siren"),
        (r"bells?", "a bell"),
        (r"alarms?", "an alarm"),
        (r"horns?|honk\w*", "a horn"),
        (r"(?:tele)?phones?", "a telephone"),
        (r"whistl\w+", "whistling"),
        (r"beep\w*", "beeping"),
        (r"chim\w+", "chimes"),
    ),
    "clocks": ((r"clocks?", "a clock"),),
    "fire": ((r"\w*fires?|flames?", "a fire"),),
    "blasts": (
        (r"gun\w*|rifles?|pistols?|shots", "gunfire"),
        (r"explo\w+", "explosions"),
        (r"fireworks?", "fireworks"),
    ),
    "handled objects": (
        (r"doors?", "a door"),
        (r"papers?|pages?", "paper"),
        (r"click\w*", "clicking"),
        (r"tap(?:s|ping)?", "tapping"),
        (r"rustl\w+", "rustling"),
        (r"rattl\w+", "rattling"),
        (r"squeak\w*", "squeaking"),
    ),
    "noise": (
        (r"hiss\w*", "hissing"),
        (r"buzz\w*", "buzzing"),
        (r"hum(?:s|ming)?", "humming"),
        (r"static", "static"),
    ),
    "food": (
        (r"sizzl\w+|fry\w*", "sizzling"),
        (r"dish(?:es)?", "dishes"),
        (r"eat(?:s|ing)?|chew\w*", "eating"),
    ),
}
_COMPILED = {
    family: tuple((re.compile(rf"\b(?:{words})\b"), name) for words, name in names) for family, names in _NAMES.items()
}


def shared_name(family: str, caption1: str, caption2: str) -> str | None:
    """What both captions name of a family, or None where each names another sound of it."""
    first, second = caption1.lower(), caption2.lower()
    return next((name for words, name in _COMPILED[family] if words.search(first) and words.search(second)), None)
