"""Words that stand for one another, and the small words around a name."""

from __future__ import annotations

from random import Random

from edgeassist.language.nouns import KIND_WORDS

from .template import words

#: Other words for a common noun (plural, singular); used only where nothing in the home bears that word.
SYNONYMS: dict[str, tuple[tuple[str, str], ...]] = {
    "lights": (("lamps", "lamp"), ("bulbs", "bulb"), ("lighting", "light")),
    "plugs": (
        ("sockets", "socket"),
        ("outlets", "outlet"),
        ("power outlets", "power outlet"),
        ("smart plugs", "smart plug"),
        ("plug sockets", "plug socket"),
    ),
    "fans": (("ventilators", "ventilator"), ("ventilation", "ventilation")),
    "covers": (
        ("blinds", "blind"),
        ("shades", "shade"),
        ("window coverings", "window covering"),
        ("shutters", "shutter"),
        ("curtains", "curtain"),
    ),
    "blinds": (("window blinds", "window blind"), ("roller blinds", "roller blind")),
    "curtains": (("drapes", "drape"), ("window curtains", "window curtain")),
    "shades": (("window shades", "window shade"),),
    "shutters": (("roller shutters", "roller shutter"),),
    "heating": (
        ("thermostats", "thermostat"),
        ("radiators", "radiator"),
        ("heating", "heating"),
        ("heaters", "heater"),
        ("heat", "heat"),
        ("central heating", "central heating"),
    ),
    "players": (
        ("tvs", "tv"),
        ("tellies", "telly"),
        ("televisions", "television"),
        ("speakers", "speaker"),
        ("music", "music"),
        ("sound", "sound"),
        ("media players", "media player"),
    ),
    "vacuums": (
        ("robots", "robot"),
        ("robo vacs", "robo vac"),
        ("cleaning robots", "cleaning robot"),
        ("robot cleaners", "robot cleaner"),
        ("robot hoovers", "robot hoover"),
        ("hoovers", "hoover"),
        ("vacuum cleaners", "vacuum cleaner"),
        ("robot vacuums", "robot vacuum"),
    ),
    "mowers": (("lawn mowers", "lawn mower"), ("robot mowers", "robot mower"), ("lawnmowers", "lawnmower")),
    "locks": (("doors", "door"), ("door locks", "door lock")),
    "valves": (("taps", "tap"), ("water valves", "water valve")),
    "sirens": (("alarm sirens", "alarm siren"),),
    "alarms": (("alarm systems", "alarm system"), ("security systems", "security system")),
}
#: Rooms that another word can only mean the same of.
SAME_ROOMS: dict[str, tuple[str, ...]] = {
    "living room": ("lounge", "sitting room"),
    "lounge": ("living room", "sitting room"),
    "sitting room": ("living room", "lounge"),
    "hall": ("hallway", "corridor"),
    "hallway": ("hall", "corridor"),
    "corridor": ("hall", "hallway"),
    "toilet": ("loo", "wc"),
    "wc": ("toilet", "loo"),
    "basement": ("cellar",),
    "cellar": ("basement",),
    "loft": ("attic",),
    "attic": ("loft",),
    "master bedroom": ("main bedroom",),
    "main bedroom": ("master bedroom",),
    "nursery": ("baby's room",),
    "utility room": ("laundry room",),
    "laundry room": ("laundry", "utility room"),
    "laundry": ("laundry room",),
    "kids room": ("children's room",),
    "children's room": ("kids room",),
    "guest room": ("spare room",),
    "guest bedroom": ("spare bedroom",),
    "study": ("home office",),
    "yard": ("garden",),
    "backyard": ("back garden", "yard"),
}
COOLING = (
    ("air conditioners", "air conditioner"),
    ("ac", "ac"),
    ("air conditioning", "air conditioning"),
    ("aircon", "aircon"),
    ("ac units", "ac unit"),
)
MASS = frozenset("lighting heating heat music sound ac aircon ventilation".split()) | {
    "air conditioning",
    "central heating",
}
TV_WORDS = frozenset("tv telly television tvs tellies televisions".split())
SPEAKER_WORDS = frozenset("speaker speakers music".split())
#: Words of names that another word may stand for.
SWAPS = {
    "tv": ("telly", "television"),
    "television": ("tv", "telly"),
    "telly": ("tv",),
    "lamp": ("light",),
    "light": ("lamp",),
    "fridge": ("refrigerator",),
    "sofa": ("couch", "settee"),
    "hoover": ("vacuum",),
    "fountain": ("water feature",),
    "shade": ("shades",),
    "shutter": ("shutters",),
    "shutters": ("shutter",),
    "shades": ("shade",),
    "spots": ("spot", "spotlights"),
    "spotlights": ("spots", "spotlight"),
    "pendants": ("pendant",),
    "wardrobe": ("closet",),
    "closet": ("wardrobe",),
    "christmas": ("xmas",),
    "freezer": ("deep freeze",),
    "bedside": ("bed side", "nightstand"),
    "couch": ("sofa",),
    "vacuum": ("hoover",),
    "blind": ("blinds",),
    "curtain": ("curtains",),
    "blinds": ("blind",),
    "plug": ("socket", "outlet"),
    "socket": ("plug", "outlet"),
    "outlet": ("plug",),
    "washing": ("clothes washing",),
    "tap": ("faucet",),
    "speaker": ("speakers",),
    "curtains": ("curtain", "drapes"),
    "thermostat": ("heating",),
    "radiator": ("heater",),
    "lights": ("light",),
    "lamps": ("lights",),
    "mower": ("lawnmower",),
    "sensor": ("detector",),
    "color": ("colour",),
    "colour": ("color",),
    "big": ("large",),
    "little": ("small",),
}
WEAK = KIND_WORDS | frozenset(
    "lamp lamps bulb strip left right front back main big small old new red blue green white black upper "
    "lower of the and my main door air tv "
    "speaker socket outlet heater radiator robot water room side night home house smart mode color time "
    "power ceiling floor table wall "
    "temperature humidity battery energy on off up down open good closet kitchen sensor detector".split()
)
#: Weak words that are the head of a name all the same: "the lamp" is the only lamp.
HEADS = frozenset("lamp lamps bulb strip tv speaker socket outlet heater radiator robot television telly".split())
ON_WORDS = frozenset(
    "floor landing patio terrace balcony deck decking porch driveway drive level roof rooftop jetty dock "
    "lawn veranda mezzanine allotment".split()
)
BARE = frozenset("upstairs downstairs outside outdoors narnia hammam".split())
ORDINALS = frozenset("ground first second third fourth main upper lower top middle".split())
OWNERS = frozenset(f"{name}s" for name in words("areas.txt")["people"]) | {"my", "our", "the"}
PLURALS = frozenset(
    "lights lamps spots spotlights downlights blinds curtains shades shutters speakers drapes sconces "
    "pendants lanterns bars bollards bulbs "
    "plugs fans locks doors windows christmas_lights valves sheers louvres louvers slats panels tools "
    "heaters rods headphones".split()
)


def floor_said(rng: Random, place: str) -> str:
    """A floor that is called just "first" is mostly said with its noun."""
    return f"{place} floor" if place in ORDINALS and rng.random() < 0.9 else place


def possessive(said: str) -> bool:
    """Whether no article goes before it: "emma's room", "kates room", "room 12", "the nest"."""
    first, last = said.split(maxsplit=1)[0], said.rsplit(maxsplit=1)[-1]
    return first.endswith("'s") or last.isdigit() or first in OWNERS


def determiner(rng: Random, said: str) -> str:
    if said.startswith(("the ", "my ", "our ")):
        return ""
    if possessive(said):
        return "" if rng.random() < 0.85 else "the"
    chance = rng.random()
    if chance < 0.66:
        return "the"
    return "" if chance < 0.92 else "my" if chance < 0.97 else "that"
