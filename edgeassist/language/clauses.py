"""Where one sentence says several things: "close the blinds and turn the heating off", "lamp on fan off blinds down".

The model reads a sentence as a whole. Where it is unsure of that, the clauses are read one by one, each of which is a
sentence like any other; so this may part too often, but never inside a name or a phrase about a place.
"""

from __future__ import annotations

import re

from edgeassist.functions.colors import CSS_COLORS

from .lexicon import Lexicon
from .nouns import KIND_WORDS

_VERBS = (
    "turn|switch|put|set|make|dim|brighten|open|close|shut|lock|unlock|raise|lower|pull|draw|roll|stop|start|pause|play"
    "|resume|skip|mute|unmute|kill|cut|power|run|dock|send|activate|pop|stick|chuck|bung|whack|flick|knock|crank|bump"
    "|add|remind|cancel|vacuum|hoover|clean|mow|bring|change|get|give|do|heat|warm|cool|increase|decrease|reduce|tell"
    "|is|are|what's|what is|how"
)
_COURTESY = r"(?:(?:please|just|also|oh|um|uh|quickly|maybe|(?:can|could|would|will) you|if you (?:could|can|would)) )*"
#: Behind one of these a verb is no new clause ("could you quickly turn on ...").
_LEADS = "".join(
    rf"(?<!\b{word})"
    for word in "you could can would will to please just and then also go me us quickly now oh or not".split()
)
_JOINT = re.compile(
    r" (?:(?:and|then|also|but|plus|after that|while you're (?:at it|there)|as well as) )+(?:oh )?"
    rf"(?={_COURTESY}(?:{_VERBS})\b)"
    # A second verb needs no joint where it takes an object of its own.
    rf"|{_LEADS} (?=(?:(?:turn|switch) (?:on|off)"
    r"|(?:lock|unlock|dim|mute|pause|shut|close|open|set|turn|switch) (?:the|my|all))\b)"
)
#: Such a clause is about another one.
_REFERS = re.compile(
    r"\b(?:it|its|it's|them|that|that's|those|these|they|one|ones|both|there|same|too|either|this|his|her|their|all|other"
    r"|everything|rest|not|no|but)\b"
)
#: What was said before it is taken back.
_SLIP = re.compile(
    r"\b(?:sorry|i mean|i meant|wait|actually|make that|make it|rather|scratch|oops|correction|hang on)\b"
)
_ASKS = re.compile(r"^(?:is|are|was|were|has|have|did|does|do|which|what|what's|how|who|why|when|if)\b")
_STATES = frozenset("on off open closed shut locked up down out in muted halfway".split())
_AMOUNT = re.compile(r"\d[\d.]*")
_UNITS = frozenset({"percent", "degrees", "degree"})
_BETWEEN = frozenset({"and", "then", "the", "my", "our", "also", "but"})
_ORDINARY = frozenset("turn switch put set make have get i want like please can could would you the my our".split())


def clauses(words: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The clauses of a (normalised) utterance that can be read on their own; the utterance itself where it has one."""
    if _SLIP.search(words):
        return (words,)
    parted: list[str] = []
    for clause in _JOINT.split(words):
        if parted and _REFERS.search(clause):
            return (words,)
        parted.append(clause)
    return tuple(part for clause in parted for part in _counted_off(clause, lexicon))


def _counted_off(clause: str, lexicon: Lexicon) -> list[str]:
    """Things and what they shall be, one after the other, of which each needs a name and a state."""
    if _ASKS.match(clause):
        return [clause]
    items: list[list[str]] = [[]]
    split = clause.split()
    for at, word in enumerate(split):
        item = items[-1]
        if word in _BETWEEN and not item and len(items) > 1:
            continue
        item.append(word)
        if _ends(split, at, item, lexicon):
            items.append([])
    found = [item for item in items if item]
    whole = all(_names(item, lexicon) and _state(item) for item in found)
    return [" ".join(item) for item in found] if whole else [clause]


def _ends(split: list[str], at: int, item: list[str], lexicon: Lexicon) -> bool:
    """Whether an item ends with the word at a place: a state of what it names, with another name behind it."""
    rest = split[at + 1 :]
    if not _state(item) or not _names(item[:-1], lexicon) or (rest and rest[0] in _UNITS):
        return False
    if split[at] in _STATES and rest and (_AMOUNT.match(rest[0]) or rest[0] in {"to", "at"} or rest[0] in CSS_COLORS):
        return False
    behind = " ".join(rest)
    while behind.partition(" ")[0] in _BETWEEN:
        behind = behind.partition(" ")[2]
    if split[at] in {"on", "up", "down", "in"} and any(
        f"{behind} ".startswith(f"{place} ") for place in lexicon.places
    ):
        # "The lights on the first floor off": with a device's name the same words would begin another item.
        return any(f"{behind} ".startswith(f"{label} ") for label in lexicon.labels)
    return bool(behind) and _names(behind.split()[:3], lexicon)


def _names(item: list[str], lexicon: Lexicon) -> bool:
    return any(word in lexicon.words or word in KIND_WORDS for word in item if word not in _ORDINARY)


def _state(item: list[str]) -> bool:
    if not item:
        return False
    last = item[-1]
    if _AMOUNT.fullmatch(last):
        return len(item) > 1 and item[-2] in {"to", "at"}
    return last in _STATES or last in CSS_COLORS or (last in _UNITS and bool(_AMOUNT.fullmatch(item[-2:][0])))
