"""What lies between a sentence and its transcript: fillers, politeness, lost and doubled words, homophones."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .rambles import rambled, told
from .reasons import reason
from .sounds import SOLID, compound, like, mishear
from .template import words

_RAMBLED_SHARE = 0.07
_TOLD_SHARE = 0.12
_DROPPABLE = frozenset("the a of my please to in at".split())


def framed(rng: Random, text: str, *, question: bool = False, wish: str | None = None) -> str:
    """The text with a filler, a courtesy or a reason around it, sometimes; ``wish`` is a heading of the reasons."""
    lists, asides = words("frames.txt"), words("asides.txt")
    chance = rng.random()
    if chance < 0.12:
        text = f"{rng.choice(lists['before'])} {text}"
    elif chance < 0.18:
        text = (
            f"{text} {rng.choice(lists['after'])}"
            if not question
            else f"{text} {rng.choice(('please', 'right now', 'now', 'then'))}"
        )
    elif chance < 0.21:
        text = f"{rng.choice(lists['before'])} {text} {rng.choice(lists['after'])}" if not question else text
    elif chance < 0.27:
        text = f"{rng.choice(asides['before'])} {text}"
    elif chance < 0.31:
        text = f"{text} {rng.choice(asides['after'])}"
    elif chance < 0.44 and not question:
        why = rng.choice(lists["tails"]) if rng.random() < 0.1 else reason(rng, wish)
        text = f"{why} {text}" if rng.random() < 0.35 else f"{text} {why}"
    elif chance > 1 - _RAMBLED_SHARE:
        text = rambled(rng, text)
    return text


#: Two words between which a recogniser may hear no gap.
_JOINED = frozenset(
    {
        *("living room", "dining room", "sitting room", "bath room", "turn on", "turn off", "switch on", "switch off"),
        *("floor lamp", "desk lamp", "night light", "book shelf", "front door", "back door", "garage door"),
        *("first floor", "half way", "up stairs", "ceiling light", "all the", "in the", "on the", "of the"),
    }
)
_FILLERS = ("uh", "um", "er", "like", "the", "uhm", "erm", "ah", "you know", "i mean", "kind of", "well", "so", "hmm")
_STARTS = ("can you", "could you", "please", "turn", "i want", "hey", "so", "the", "um can", "ok so", "would you")


def misheard(rng: Random, text: str) -> str:
    """Slips of a recogniser or of a hurried person: mostly one, now and then two or three."""
    for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 3))):
        text = _slipped(rng, text)
    return text


def _slipped(rng: Random, text: str) -> str:
    split = text.split()
    if len(split) < 2:
        return text
    slip = rng.choices([slip for slip, _ in _SLIPS], [weight for _, weight in _SLIPS])[0]
    slip(rng, split)
    return " ".join(split)


def _drop(rng: Random, split: list[str]) -> None:
    drops = [i for i, each in enumerate(split) if each in _DROPPABLE]
    if drops:
        del split[rng.choice(drops)]


def _stutter(rng: Random, split: list[str]) -> None:
    """One word or two said twice; a number said twice would be another number."""
    at = rng.randrange(len(split))
    said = split[at : at + rng.choice((1, 1, 1, 2))]
    if not any(word[0].isdigit() for word in said):
        split[at:at] = said


def _hesitate(rng: Random, split: list[str]) -> None:
    split.insert(rng.randrange(len(split)), rng.choice(_FILLERS))


def _start_twice(rng: Random, split: list[str]) -> None:
    split.insert(0, rng.choice(_STARTS))


def _run_together(rng: Random, split: list[str]) -> None:
    pairs = [i for i in range(len(split) - 1) if f"{split[i]} {split[i + 1]}" in _JOINED]
    if pairs:
        at = rng.choice(pairs)
        split[at : at + 2] = [split[at] + split[at + 1]]


def _mistype(rng: Random, split: list[str]) -> None:
    at = rng.randrange(len(split))
    word = split[at]
    if word not in SOLID and len(word) > 4 and not word[0].isdigit():
        split[at] = _mistyped(rng, word)


def _resound(rng: Random, split: list[str]) -> None:
    at = rng.randrange(len(split))
    if split[at] not in SOLID:
        split[at] = like(rng, split[at])


_SLIPS: tuple[tuple[Callable[[Random, list[str]], None], float], ...] = (
    (_drop, 30),
    (mishear, 40),
    (_stutter, 15),
    (_hesitate, 10),
    (_start_twice, 3),
    (_run_together, 3),
    (compound, 6),
    (_resound, 14),
    (_mistype, 6),
)


def _mistyped(rng: Random, word: str) -> str:
    cut = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.4:
        return word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return word[:cut] + word[cut + 1 :] if kind < 0.75 else word[:cut] + word[cut] + word[cut:]


_GERUNDS = {
    "turn": "turning",
    "switch": "switching",
    "put": "putting",
    "open": "opening",
    "close": "closing",
    "shut": "shutting",
    "set": "setting",
    "make": "making",
    "dim": "dimming",
    "lock": "locking",
    "unlock": "unlocking",
    "pause": "pausing",
    "stop": "stopping",
    "start": "starting",
    "raise": "raising",
    "lower": "lowering",
    "pull": "pulling",
    "roll": "rolling",
    "send": "sending",
    "skip": "skipping",
    "brighten": "brightening",
    "mute": "muting",
    "unmute": "unmuting",
    "resume": "resuming",
    "change": "changing",
    "activate": "activating",
    "run": "running",
    "get": "getting",
    "bring": "bringing",
    "dock": "docking",
    "vacuum": "vacuuming",
    "hoover": "hoovering",
    "clean": "cleaning",
    "mow": "mowing",
    "cut": "cutting",
    "draw": "drawing",
    "lift": "lifting",
    "play": "playing",
    "flip": "flipping",
    "kill": "killing",
    "give": "giving",
    "take": "taking",
    "increase": "increasing",
    "warm": "warming",
    "cool": "cooling",
}


def opened(rng: Random, text: str, *, reported: bool = False) -> str:
    """An imperative as a request ("could you ...", "would you mind ...ing"); any other text as it was.

    ``reported``: it may also be somebody else's wish.
    """
    first, _, rest = text.partition(" ")
    if first not in _GERUNDS or not rest:
        return text
    lists = words("frames.txt")
    if reported and rng.random() < _TOLD_SHARE:
        return told(rng, text)
    if rng.random() < 0.2:
        return f"{rng.choice(lists['gerunds'])} {_GERUNDS[first]} {rest}"
    return f"{rng.choice(lists['openers'])} {text}"
