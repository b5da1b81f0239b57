"""Words by which a caption's grammar is known: verbs of sound and motion, and the small words around them."""


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Verbs whose form with -s is seldom a noun: "a man speaks", "rain falls".
_PLAIN_VERBS = """
accelerate accompany announce answer applaud approach become begin belch blare blow boil bounce break breathe bring
burble carry chat chatter cheer chew chirp chop chuckle chug clatter clean clear climb close come communicate continue
converse coo cook create crinkle croak crumple cry decelerate decrease deliver descend die dig discuss drag drain
drive eat echo emit empty end enter exclaim exhale explode fade fall fill flap float flow fluctuate flush fly follow
gather get giggle give go grind groan grow growl gurgle gush happen hit hold holler hover idle imitate increase inhale
jingle join jump keep laugh lead leave let load lower make meow move mumble murmur mutter narrate neigh notice occur
open operate oscillate pass pause perform pick play pour precede prepare press proceed produce pull push put quack
race raise rattle react receive repeat resonate respond resume return rev reverberate ride ring rip rise roar roll
rotate rub rumble run rush rustle say scrape scream screech scribble sew shake sharpen shift shoot shout shovel shriek
shuffle shut sing sit sizzle slam sleep slide slosh slow smash snap sneeze snicker sniffle snore socialize sort speak
speed spin spit splash splatter spray squawk squeak squeal stand start stir stop strike struggle sway sweep swing
swirl swish switch take talk tear tell throw travel trickle trot try turn twitter type use vary vibrate vocalize wade
wail wait walk wash whimper whine whir whisper work write yell zoom
"""
# Verbs whose form with -s is a noun as well: "a dog barks", "the barks of a dog".
_VERBS_AND_NOUNS = """
baa babble bang bark bash beat beep bell bellow blast bleat bleep boom break bubble bump burn burp burst buzz call
cackle caw chant change chime clack clang clank clap clash click clink clip-clop clop cluck cough crack crackle crash
creak crow crunch cut dial ding drill drip drone drop drum fart fire fizz flutter gallop gargle gasp grunt gust hail
hammer hiccup hiss honk hoot howl hum jangle jet knock land lap lick moan moo oink patter peep pop pound pulse purr
ripple rock saw scratch shower sigh signal siren slap slurp smack sob sound splutter sputter squelch squish step stomp
storm stream tap thud thump thunder tick ticktock toll toot tweet wave whinny whirl whistle whiz whoosh yap yelp yip
"""
AUXILIARIES = words_of("""
is are was were has have had does do did can could will would may might must isn't aren't wasn't weren't can't cannot
doesn't don't won't couldn't
""")
SUBORDINATORS = words_of("""
while whilst as when which that who whose where because until since although though if
""")
RELATIVES = words_of("which that who whose where")
PREPOSITIONS = words_of("""
of in on at by with from to into onto over under near through against for during inside outside behind between among
along across around about off out up down before after without within upon toward towards like amid
""")
DETERMINERS = words_of("""
a an the this that these those its his her their some any no each every another
""")
MANY = words_of("""
several many few two three four five six some multiple various different numerous both other these those couple lot
lots number series group bunch variety pair
""")
MANY_WITHOUT_S = words_of("""
people men women children geese mice sheep cattle police they we you i fish kids
""")
PRONOUNS = words_of("""
it he she they we you i someone somebody something everyone everybody this
""")
SINGULAR_STARTS = words_of("""
a an one another each every someone somebody something everyone it he she this
""")
# What is said without an article: "water drips", "music plays".
MASS_NOUNS = words_of("""
water rain wind music thunder fire traffic air food steam metal static speech applause liquid snow rainfall wood paper
glass machinery gunfire laughter noise sand gravel surf silence electricity plastic fluid wildlife
""")
# What is said with one: without it a caption is in telegram style, and stands best behind a colon.
COUNTED_NOUNS = words_of("""
man woman boy girl child kid baby person male female adult dog cat bird car truck train bus engine motor vehicle door
horse duck goat bell clock helicopter motorcycle boat siren toilet crowd machine cow pig rooster
""")
# What a short noun phrase ends with: "constant rattling noise".
SOUND_NOUNS = MASS_NOUNS | words_of("""
sound sounds noise noises hum buzz tone drone song melody voices footsteps waves ambience conversation chatter
birdsong crickets bells rumble roar hiss click clicks beep beeps crash bang explosion gunshot gunshots siren
thunderstorm heartbeat whistle alarm barking chirping clapping ringing knocking typing snoring effect effects
""")
PARTICIPLES = words_of("""
followed accompanied mixed surrounded interrupted joined drowned played made heard
""")
NOT_PARTICIPLES = words_of("""
morning evening ceiling something anything nothing everything building thing spring
""")
PAST_FORMS = words_of("""
came went began ran sang rang fell blew spoke drove flew stood sat took got made left
""")
PROPER_NAMES = words_of("""
Mr Mrs Dr African American Arabic Asian Australian
British Celtic Chinese Christian Christmas Doppler Dutch Easter English
European French Friday Geiger German God Greek Halloween Hindi Indian Irish Islamic Italian Japanese Jewish Korean
Latin London Mexican Monday Morse Muslim Paris Portuguese Russian Santa Saturday Scottish Spanish Sunday Swedish Swiss
Thai Thursday Tibetan Tuesday Turkish Velcro Wednesday
""")


def _with_s(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


PLAIN_VERBS = words_of(_PLAIN_VERBS)
VERBS = PLAIN_VERBS | words_of(_VERBS_AND_NOUNS)
PLAIN_VERBS_WITH_S = frozenset(map(_with_s, PLAIN_VERBS)) | {"coos", "whizzes", "revs"}
VERBS_WITH_S = PLAIN_VERBS_WITH_S | frozenset(map(_with_s, VERBS)) | {"baas", "moos"}
