"""Where one sentence says several things: "close the blinds and turn the heating off", "lamp on fan off blinds down".

The model reads a sentence as a whole. Where it is unsure of that, the clauses are read one by one, each of which is a
sentence like any other; so this may part too often, but never inside a name or a phrase about a place, and never what
is held together by a condition, a negation or a correction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from edgeassist.functions.colors import CSS_COLORS
from edgeassist.text import normalise_utterance

from .guard import without_courtesy
from .lexicon import Lexicon
from .nouns import KIND_WORDS
from .verbs import COURTESY, IMPERATIVES

_VERBS = rf"{IMPERATIVES}|add|remind|cancel|tell|is|are|what's|what is|how"
#: Behind one of these a verb is no new clause ("could you quickly turn on ...").
_LEADS = "".join(
    rf"(?<!\b{word})"
    for word in "you could can would will to please just and then also go me us quickly now oh or".split()
)
_JOINT = re.compile(
    r" (?:(?:and|then|also|but|plus|after that|while you're (?:at it|there)|as well as) )+(?:oh )?"
    rf"(?={COURTESY}(?:{_VERBS})\b)"
    # A second verb needs no joint where it takes an object of its own.
    rf"|{_LEADS} (?=(?:(?:turn|switch) (?:on|off)"
    r"|(?:lock|unlock|dim|mute|pause|shut|close|open|set|turn|switch) (?:the|my|all))\b)"
)
#: Such a clause is about another one.
_REFERS = re.compile(
    r"\b(?:it|its|it's|them|that|that's|those|these|they|one|ones|both|there|same|too|either|this|his|her|their|all|other"
    r"|everything|rest|no)\b"
)
#: What holds a sentence together: one half would say what the whole does not.
_BOUND = re.compile(
    r"\b(?:\w+n't|dont|wont|not|never|nobody|no one|any(?:one|body)|some(?:one|body)|without|instead|before|until|till"
    r"|except|excepting|excluding|apart from|aside from|save for|other than|(?:all|everything|every\w+|anything) but"
    r"|unless|if|when|whenever|once|so|because|cause|after(?! that)|later|remind|called|named|label(?:led)?"
    # What was said before it is taken back.
    r"|sorry|i mean|i meant|wait|actually|make that|make it|rather|scratch|oops|correction|hang on)\b"
)
_ADDS = re.compile(rf"^{COURTESY}(?:add|put|write|note|jot)\b")
_LIST = re.compile(r"\b(?:lists?|shopping|groceries)\b")
_ASKS = re.compile(r"^(?:is|are|was|were|has|have|did|does|do|which|what|what's|how|who|why|when|if)\b")
#: A question in which no imperative could stand: what follows "and" is a command, unlike in "did you ... and lock ...".
_ASKS_AFTER_A_STATE = re.compile(
    r"^(?:is|are|has|what's|what is|how (?:warm|cold|hot|many|much|full))\b"
    r"(?!.*\b(?:do|did|does|to|can|could|would|should|will|shall|or|i|we|you)\b)"
)
_STATES = frozenset("on off open closed shut locked up down out in muted halfway".split())
_AMOUNT = re.compile(r"\d[\d.]*")
_UNITS = frozenset({"percent", "degrees", "degree"})
_BETWEEN = frozenset({"and", "then", "the", "my", "our", "also", "but"})
_ORDINARY = frozenset("turn switch put set make have get i want like please can could would you the my our".split())
#: Where somebody paused who wrote or was transcribed with punctuation; a dot within a number or behind a title is none.
_MARKS = re.compile(
    r"(?<![,;:.!?\n])(?<!\bmr)(?<!\bmrs)(?<!\bdr)(?<!\bst)(?<!\b[a-z])([,;:.!?\n]++)(?=\s|$)", re.IGNORECASE
)
#: What the marks come down to: a pause, and the end of what was asked or said.
PAUSE, ASKED, SAID = ",", "?", "."
_STOPPED = re.compile(rf" [{PAUSE}{ASKED}{SAID}](?: |$)")
#: Beside names and kinds all that stands in "front door and the garage locked".
_COUNTING = frozenset("the my our and or all both every a in on at of upstairs downstairs".split())
_ASKED_STATES = frozenset("on off open closed shut locked unlocked".split())
_JOINED = re.compile(r"^(?:(?:and|then|also|but|plus) )+")
_COMMANDS = re.compile(rf"^{COURTESY}(?:{_VERBS})\b .")
_PLACE_FIRST = re.compile(r"^(?:in|on|at|upstairs|downstairs)\b")
#: Words of a place with its preposition and article.
_LONGEST_PLACE = 5
#: More than these are not counted off in one breath, and each takes a reading.
_MOST = 6


def paused(text: str) -> str:
    """The (normalised) utterance with ``PAUSE``, ``ASKED`` or ``SAID`` where its punctuation has one."""
    pieces = _MARKS.split(unicodedata.normalize("NFKC", text))
    said = [(normalise_utterance(part), mark) for part, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    whole = normalise_utterance(text)
    # A number may reach over a comma.
    if " ".join(part for part, _ in said if part) != whole:
        return whole
    return " ".join(f"{part} {_stop(mark)}" if mark else part for part, mark in said if part)


def _stop(mark: str) -> str:
    if "?" in mark:
        return ASKED
    return PAUSE if set(mark) <= {",", ":"} else SAID


def unpaused(words: str) -> str:
    """The utterance without its stops."""
    return " ".join(filter(None, _STOPPED.split(words)))


def asked(words: str, lexicon: Lexicon) -> str:
    """The utterance (see :func:`paused`) with "is" where a question mark alone makes a question: "front door locked?".

    The words would command that state. A question mark is behind all that was counted off since the last stop.
    """
    sentences = re.split(rf"( [{ASKED}{SAID}](?: |$))", words)
    for at in range(0, len(sentences) - 1, 2):
        if sentences[at + 1].strip() == ASKED:
            parts = sentences[at].split(f" {PAUSE} ")
            sentences[at] = f" {PAUSE} ".join(f"is {part}" if _is_state(part, lexicon) else part for part in parts)
    return "".join(sentences)


def _is_state(part: str, lexicon: Lexicon) -> bool:
    """Whether it is nothing but things of this home and a state."""
    *things, state = part.split()
    known = lexicon.words | KIND_WORDS
    return (
        state in _ASKED_STATES
        and not known.isdisjoint(things)
        and all(word in known or word in _COUNTING for word in things)
    )


def clauses(words: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The clauses of a (normalised) utterance that can be read on their own; the utterance itself where it has one.

    It may have stops (see :func:`paused`); the clauses have none.
    """
    whole = unpaused(words)
    # What is said first of a place holds for all of it.
    if _BOUND.search(without_courtesy(whole)) or _PLACE_FIRST.match(whole):
        return (whole,)
    parted = [part for stretch in _stretches(words, lexicon) for part in _parted(stretch, lexicon)]
    refers = any(map(_REFERS.search, parted[1:]))
    unfinished = _LIST.search(whole) and any(_ADDS.search(part) and not _LIST.search(part) for part in parted)
    found = tuple(part for clause in parted for part in _counted_off(clause, lexicon))
    return (whole,) if refers or unfinished or not 1 < len(found) <= _MOST else found


def _stretches(words: str, lexicon: Lexicon) -> list[str]:
    """What lies between stops; what does not stand by itself is a part of what was said before it.

    All is one stretch where the first does not.
    """
    stretches = list(filter(None, _STOPPED.split(words)))
    if len(stretches) < 2 or not _stands(stretches[0], lexicon):
        return [unpaused(words)]
    held = stretches[:1]
    for other in stretches[1:]:
        bare = _JOINED.sub("", other)
        if _stands(bare, lexicon):
            held.append(bare)
        else:
            held[-1] += f" {other}"
    return held


def _stands(words: str, lexicon: Lexicon) -> bool:
    """Whether it begins with a verb, or names something and ends with what that shall be."""
    split = words.split()
    return bool(_COMMANDS.match(words)) or (_names(split[:-1], lexicon) and _state(split))


def asks_and_commands(parts: tuple[str, ...]) -> bool:
    """Whether a question comes first and the rest cannot be a part of it: a command begins with its verb."""
    return bool(_ASKS_AFTER_A_STATE.search(parts[0])) and all(
        _COMMANDS.match(part) and not _ASKS.search(without_courtesy(part)) for part in parts[1:]
    )


def _parted(words: str, lexicon: Lexicon) -> Iterator[str]:
    """The stretches between joints, none of which lies within a name or in front of one."""
    cuts = [cut.span() for cut in _JOINT.finditer(words)]
    names = list(_names_in(words, lexicon)) if cuts else []
    start = 0
    for end, begin in cuts:
        if not any(first < begin < last or first == begin for first, last in names):
            yield words[start:end]
            start = begin
    yield words[start:]


def _names_in(words: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where names of several words stand."""
    padded = f" {words} "
    for name in (*lexicon.labels, *lexicon.places, *lexicon.nicknames, *lexicon.aliases):
        at = padded.find(f" {name} ") if " " in name else -1
        if at >= 0:
            yield at, at + len(name)


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
    found = [" ".join(item) for item in items if item]
    if len(found) < 2:
        return [clause]
    whole = all(_names(item, lexicon) and _state(_placeless(item, lexicon)) for item in items if item)
    named = [clause[first:last] for first, last in _names_in(clause, lexicon)]
    unbroken = all(any(f" {name} " in f" {item} " for item in found) for name in named)
    return found if whole and unbroken else [clause]


def _ends(split: list[str], at: int, item: list[str], lexicon: Lexicon) -> bool:
    """Whether an item ends with the word at a place: a state of what it names, with another name behind it."""
    rest = split[at + 1 :]
    bare = _placeless(item, lexicon)
    if not _state(bare) or not _names(bare[:-1], lexicon) or (rest and rest[0] in _UNITS):
        return False
    if any(len(_placeless(rest[:length], lexicon)) == 0 for length in range(2, _LONGEST_PLACE + 1)):
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


def _placeless(item: list[str], lexicon: Lexicon) -> list[str]:
    """The item without the place behind it: "lights off in the hall" is "lights off"."""
    for length in range(2, min(len(item), _LONGEST_PLACE) + 1):
        preposition, *place = item[-length:]
        if preposition in {"in", "on", "at"} and " ".join(place).removeprefix("the ") in lexicon.places:
            return item[:-length]
    return item


def _names(item: list[str], lexicon: Lexicon) -> bool:
    return any(word in lexicon.words or word in KIND_WORDS for word in item if word not in _ORDINARY)


def _state(item: list[str]) -> bool:
    if not item:
        return False
    last = item[-1]
    if _AMOUNT.fullmatch(last):
        return len(item) > 1 and item[-2] in {"to", "at"}
    return last in _STATES or last in CSS_COLORS or (last in _UNITS and bool(_AMOUNT.fullmatch(item[-2:][0])))
