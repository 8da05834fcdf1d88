"""Values in words: percentages, degrees, colours, kelvin, modes, durations."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from edgeassist.functions.colors import CSS_COLORS

_ROUND = (
    5,
    10,
    10,
    15,
    20,
    20,
    25,
    30,
    30,
    35,
    40,
    40,
    45,
    50,
    50,
    55,
    60,
    60,
    65,
    70,
    70,
    75,
    80,
    80,
    85,
    90,
    90,
    95,
    100,
)
_SPOKEN_PERCENT = {
    50: ("half", "half", "fifty fifty", "the middle", "medium", "50 percent"),
    25: ("a quarter", "one quarter", "a fourth"),
    33: ("a third", "one third"),
    75: ("three quarters", "three fourths"),
    67: ("two thirds",),
    100: (
        "max",
        "full",
        "maximum",
        "the maximum",
        "the max",
        "full power",
        "a hundred",
        "one hundred percent",
        "all the way",
    ),
}
#: What people call an amount of light or sound, and a fan's speed, which mostly has three.
LIGHT_LEVELS = {
    20: ("low", "low", "very low", "a low setting", "the low setting"),
    100: ("high", "bright", "full blast"),
}
SOUND_LEVELS = {20: ("low", "a low volume", "background level"), 80: ("high", "a high volume", "party level")}
FAN_LEVELS = {33: ("low", "low speed", "the low setting", "slow"), 100: ("high", "high speed", "full blast", "turbo")}
#: In front of an amount: nobody minds a little more or less.
_ROUGHLY = (
    *("about", "around", "roughly", "like", "maybe", "say", "something like", "approximately", "exactly", "just"),
    *("let's say", "more like", "a cosy", "a nice", "oh about", "i'd say"),
)
_LOWEST = ("the minimum", "minimum", "the lowest", "lowest", "min", "the lowest setting", "its minimum")
_COLORS = (
    "red red red red blue blue blue blue green green green yellow yellow orange orange purple purple pink "
    "pink white white cyan magenta turquoise teal violet indigo gold "
    "lime lavender salmon coral crimson maroon navy olive aqua beige ivory khaki plum orchid chocolate "
    "tomato brown silver fuchsia tan azure mint peach"
).split()
_SPLITS = {
    "lightblue": "light blue",
    "darkblue": "dark blue",
    "lightgreen": "light green",
    "darkgreen": "dark green",
    "darkred": "dark red",
    "deeppink": "deep pink",
    "hotpink": "hot pink",
    "skyblue": "sky blue",
    "royalblue": "royal blue",
    "navy": "navy blue",
    "lightpink": "light pink",
    "lightyellow": "light yellow",
    "darkorange": "dark orange",
    "limegreen": "lime green",
    "forestgreen": "forest green",
    "midnightblue": "midnight blue",
    "seagreen": "sea green",
    "springgreen": "spring green",
    "steelblue": "steel blue",
    "orangered": "orange red",
    "yellowgreen": "yellow green",
    "greenyellow": "green yellow",
    "deepskyblue": "deep sky blue",
    "mediumpurple": "medium purple",
    "darkviolet": "dark violet",
    "blueviolet": "blue violet",
    "lightcoral": "light coral",
    "darkmagenta": "dark magenta",
    "lightcyan": "light cyan",
    "mintcream": "mint cream",
    "slateblue": "slate blue",
    "darkturquoise": "dark turquoise",
    "lightsalmon": "light salmon",
    "rosybrown": "rosy brown",
    "dodgerblue": "dodger blue",
    "powderblue": "powder blue",
    "mediumblue": "medium blue",
    "olivedrab": "olive drab",
    "firebrick": "fire brick",
    "lightskyblue": "light sky blue",
    "palegreen": "pale green",
    "mistyrose": "misty rose",
    "ghostwhite": "ghost white",
    "antiquewhite": "antique white",
    "floralwhite": "floral white",
    "palevioletred": "pale violet red",
    "cornflowerblue": "cornflower blue",
    "indianred": "indian red",
    "darkcyan": "dark cyan",
    "cadetblue": "cadet blue",
    "sandybrown": "sandy brown",
    "saddlebrown": "saddle brown",
    "lawngreen": "lawn green",
    "aquamarine": "aquamarine",
    "goldenrod": "golden rod",
}
#: Colours that CSS has under another name, or nearly.
_NICKNAMES = {
    "orange": ("amber", "pumpkin", "tangerine"),
    "gold": ("golden", "mustard"),
    "maroon": ("burgundy", "wine red"),
    "crimson": ("ruby", "ruby red", "cherry red", "blood red", "scarlet"),
    "plum": ("mauve", "lilac"),
    "mediumseagreen": ("emerald", "emerald green"),
    "peachpuff": ("peach", "apricot"),
    "lightpink": ("pastel pink", "baby pink", "rose pink", "soft pink"),
    "lightblue": ("baby blue", "pastel blue", "pale blue", "ice blue"),
    "deepskyblue": ("ocean blue", "electric blue"),
    "blue": ("sapphire", "royal sapphire"),
    "palegreen": ("mint", "mint green", "pastel green"),
    "lightyellow": ("pastel yellow", "pale yellow"),
    "lavender": ("pastel purple", "pale purple"),
    "yellow": ("lemon", "sunshine yellow"),
    "green": ("jade", "grass green"),
    "hotpink": ("bubblegum", "bubblegum pink", "neon pink"),
    "purple": ("aubergine", "grape"),
    "lime": ("neon green",),
}
_NICKNAME_SHARE = 0.3
_LEVEL_SHARE = 0.05
_ROUGHLY_SHARE = 0.06
_WHITES = {
    2700: ("warm white", "warm white", "soft white", "a warm white", "warm light", "2700 kelvin", "2700k", "warm"),
    4000: ("neutral white", "neutral", "natural white", "4000 kelvin", "4000k"),
    5000: ("cool white", "cold white", "cool light", "cold light", "a cool white", "5000 kelvin", "cold"),
    6500: ("daylight", "daylight white", "6500 kelvin", "6500k"),
}
_MODES = {
    "heat": ("heat", "heating", "heat mode", "heating mode"),
    "cool": ("cool", "cooling", "cool mode", "cooling mode"),
    "auto": ("auto", "automatic", "auto mode", "automatic mode"),
    "off": ("off mode",),
    "dry": ("dry", "dry mode", "drying mode", "dehumidify mode"),
    "fan_only": ("fan only", "fan only mode", "fan mode", "just fan mode"),
    "heat_cool": ("heat cool", "heat cool mode", "heat and cool", "heating and cooling mode"),
}


def percent(
    rng: Random, *, lowest: bool = False, levels: Mapping[int, tuple[str, ...]] | None = None
) -> tuple[int, str]:
    """A percentage and how it is said; ``lowest`` admits "minimum", which is 1, ``levels`` are amounts by name."""
    chance = rng.random()
    if levels and rng.random() < _LEVEL_SHARE:
        value = rng.choice(list(levels))
        return value, rng.choice(levels[value])
    if chance < 0.16:
        value = rng.choice(list(_SPOKEN_PERCENT))
        return value, rng.choice(_SPOKEN_PERCENT[value])
    if lowest and chance < 0.19:
        return 1, rng.choice(_LOWEST)
    value = rng.choice(_ROUND) if rng.random() < 0.75 else rng.randint(1, 100)
    return value, f"{_roughly(rng)}{value}{rng.choice((' percent', ' percent', '%', '', ''))}"


def _roughly(rng: Random) -> str:
    return f"{rng.choice(_ROUGHLY)} " if rng.random() < _ROUGHLY_SHARE else ""


def step(rng: Random) -> tuple[int, str]:
    """A relative amount in percent."""
    value = rng.choice((5, 10, 10, 10, 15, 20, 20, 25, 30, 40, 50)) if rng.random() < 0.85 else rng.randint(1, 60)
    return value, f"{value}{rng.choice((' percent', ' percent', '%', ''))}"


def degrees(rng: Random, unit: str) -> tuple[float, str]:
    """A set point in the home's unit."""
    value = float(rng.randint(60, 80) if unit == "F" else rng.randint(15, 26))
    if rng.random() < 0.08:
        value = float(rng.randint(45, 90) if unit == "F" else rng.randint(5, 32))
    if (unit == "C" and rng.random() < 0.2) or rng.random() < 0.03:
        value += 0.5
        said = rng.choice((f"{value:g}", f"{value - 0.5:g} and a half", f"{value - 0.5:g} point five"))
    else:
        said = f"{value:g}"
    scale = "fahrenheit" if unit == "F" else "celsius"
    tail = rng.choice(
        (" degrees", " degrees", "", "", "", f" degrees {scale}" if rng.random() < 0.3 else " degrees", " degree")
    )
    return value, _roughly(rng) + said + tail


def degree_step(rng: Random, unit: str) -> tuple[float, str]:
    """A relative temperature."""
    if rng.random() < 0.12:
        return 0.5, rng.choice(("half a degree", "a half degree", "0.5 degrees"))
    value = float(rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5) if unit == "C" else (1, 2, 2, 3, 4, 5, 5, 6, 8, 10)))
    if value == 1:
        return value, rng.choice(("one degree", "a degree", "1 degree"))
    return value, f"{value:g} degrees"


def color(rng: Random) -> tuple[str, str]:
    """A CSS colour and its words."""
    if rng.random() < 0.62:
        name = rng.choice(_COLORS)
        if name in CSS_COLORS:
            return name, name
    if rng.random() < _NICKNAME_SHARE:
        name = rng.choice(list(_NICKNAMES))
        return name, rng.choice(_NICKNAMES[name])
    name = rng.choice(list(_SPLITS))
    return name, _SPLITS[name] if rng.random() < 0.85 else name


def white(rng: Random) -> tuple[int, str]:
    """A colour temperature in kelvin."""
    if rng.random() < 0.7:
        value = rng.choice((2700, 2700, 4000, 5000, 5000, 6500))
        return value, rng.choice(_WHITES[value])
    value = rng.randrange(2000, 6600, 100)
    return value, f"{value}{rng.choice((' kelvin', ' kelvin', 'k', ' k', ' degrees kelvin'))}"


def mode(rng: Random, modes: tuple[str, ...]) -> tuple[str, str]:
    """One of these climate modes."""
    value = rng.choice(modes)
    return value, rng.choice(_MODES[value])


def duration(rng: Random) -> tuple[int, str]:
    """Seconds, and how people say them."""
    kind = rng.random()
    if kind < 0.5:
        minutes = rng.choice(
            (
                1,
                2,
                3,
                4,
                5,
                5,
                6,
                7,
                8,
                9,
                10,
                10,
                12,
                15,
                15,
                20,
                20,
                25,
                30,
                35,
                40,
                45,
                50,
                55,
                90,
                rng.randint(1, 120),
            )
        )
        return minutes * 60, rng.choice(
            ("one minute", "a minute", "1 minute")
            if minutes == 1
            else (f"{minutes} minutes", f"{minutes} minutes", f"{minutes} minute", f"{minutes} min", f"{minutes} mins")
        )
    if kind < 0.62:
        seconds = rng.choice((10, 15, 20, 30, 30, 40, 45, 60, 90, rng.randint(5, 120)))
        return seconds, f"{seconds} {rng.choice(('seconds', 'seconds', 'second', 'secs'))}"
    if kind < 0.74:
        hours = rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 24))
        return hours * 3600, rng.choice(
            ("an hour", "one hour", "1 hour") if hours == 1 else (f"{hours} hours", f"{hours} hour")
        )
    if kind < 0.86:
        return rng.choice(_SPECIAL)
    if kind < 0.94:
        hours, minutes = rng.randint(1, 4), rng.choice((5, 10, 15, 20, 25, 30, 40, 45, 50))
        start = rng.choice(("an hour", "one hour", "1 hour")) if hours == 1 else f"{hours} hours"
        return hours * 3600 + minutes * 60, f"{start}{rng.choice((' and ', ' '))}{minutes} minutes"
    minutes, seconds = rng.randint(1, 12), rng.choice((10, 15, 20, 30, 30, 45))
    start = rng.choice(("a minute", "one minute")) if minutes == 1 else f"{minutes} minutes"
    return minutes * 60 + seconds, f"{start}{rng.choice((' and ', ' '))}{seconds} seconds"


_SPECIAL = (
    (1800, "half an hour"),
    (1800, "half an hour"),
    (1800, "a half hour"),
    (900, "a quarter of an hour"),
    (900, "quarter of an hour"),
    (2700, "three quarters of an hour"),
    (5400, "an hour and a half"),
    (5400, "one and a half hours"),
    (5400, "1.5 hours"),
    (9000, "two and a half hours"),
    (12600, "three and a half hours"),
    (4500, "an hour and a quarter"),
    (90, "a minute and a half"),
    (90, "one and a half minutes"),
    (150, "two and a half minutes"),
    (210, "three and a half minutes"),
    (270, "four and a half minutes"),
    (330, "five and a half minutes"),
    (450, "seven and a half minutes"),
    (30, "half a minute"),
    (120, "a couple of minutes"),
    (7200, "a couple of hours"),
)
