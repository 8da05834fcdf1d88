"""What a command leaves out: "turn everything off except the fridge".

A line of the model can name what is meant and not what is spared. So the exception is taken out of the utterance before
the model reads it, looked up by its words alone, and what it names is kept out of every call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from edgeassist.home import Area, Home

from .lexicon import Lexicon
from .nouns import KIND_NOUNS
from .verbs import IMPERATIVES

_STRONG = (
    r"(?:with the exception of|except(?:ing)?(?: for)?|apart from|aside from|other than|excluding|save for|leaving out"
    r"|not counting)"
)
_STATE = r"(?:on|off|open|closed|shut|locked|unlocked|alone|be|running|lit|as (?:it is|they are))"
#: "... but leave the landing on": what is left as it is.
_LEFT = rf"(?:(?:please|just|do) )*(?:leave|keep) (?P<left>\S+(?: \S+){{0,4}}?) {_STATE}$"
_BEHIND = re.compile(rf"^(?P<main>.+?) {_STRONG} (?P<spared>.+)")
_BEFORE = re.compile(rf"^{_STRONG} (?P<spared>.+?) (?P<main>(?:{IMPERATIVES})\b .+)$")
#: What "but" says may be a manner as well ("but not too bright"): it leaves something out where that is a thing.
_BUT = re.compile(rf"^(?P<main>.+?) (?:but {_LEFT}|but (?:not )?(?P<spared>.+))")
#: "And leave" as well, where all were meant.
_OF_ALL = re.compile(rf"^(?P<main>.*?\b(?:all|every\w*|each|whole|entire|the lot)\b.*?) and {_LEFT}")
#: "Leave the lamp on and turn everything else off".
_FIRST = re.compile(
    rf"^(?:please )?(?:leave|keep) (?P<left>\S+(?: \S+){{0,4}}?) {_STATE} (?:and|but|then) (?:please |just |then )*"
    rf"(?P<main>(?:{IMPERATIVES})\b.* (?:(?:everything|all|every\w*) else|(?:the|all the|everything of the) rest"
    r"|(?:the|all|all the) others?)\b.*)$"
)
_ELSE = re.compile(r"\b(?:(?:everything|all) else|(?:all )?the rest|(?:all )?(?:the )?others?(?P<of> \w+s)?)\b")
#: In these the exception is the wish: "nothing on except the lamp".
_INVERTED = re.compile(
    rf"\b(?:nothing|none|no(?! (?:{IMPERATIVES})\b)|not|never|don't|dont|leave|keep|only|any other)\b"
)
#: Another command behind the exception.
_MORE = re.compile(rf"^(?P<spared>.+?)(?P<more> (?:and then|and|then) (?:please |also )*(?:{IMPERATIVES})\b.+)$")
#: What is written down is written down as it was said.
WRITTEN = re.compile(r"\b(?:lists?|shopping|groceries|add|remind)\b")
_JOIN = re.compile(r" (?:and|or|nor|plus|as well as) ")
_AROUND = re.compile(
    r"^(?:(?:for|the|my|our|any|all|that|those|these|both|of|in|on|at|ones?|what's|whatever is)(?: |$))+"
    r"|(?:(?:^| )(?:please|thanks|thank you|ones?|in|at|of|the|on|off|open|closed|though|for now))+$"
)
_WISH = re.compile(r"\b(?:on|off|open|closed|shut|up|down|percent|\d+)$")
_HERE = frozenset({"here", "this", "this room", "room"})


@dataclass(frozen=True)
class Spared:
    """The words of what is left out, of all that was said or of its ``first`` command only."""

    words: str
    first: bool = False


def split(words: str, lexicon: Lexicon) -> tuple[str, Spared | None]:
    """The (normalised) utterance without its exception, and the exception, if it has one."""
    found = _BEFORE.match(words) or _BEHIND.match(words)
    weak = None if found else _FIRST.match(words) or _BUT.match(words) or _OF_ALL.match(words)
    parts = found or weak
    if parts is None or _INVERTED.search(parts["main"]) or WRITTEN.search(words) or _in_a_name(parts, words, lexicon):
        return words, None
    main, first = _ELSE.sub(_all, parts["main"]), False
    left = next(filter(None, map(parts.groupdict().get, ("spared", "left"))))
    if more := _MORE.match(left):
        main, left, first = f"{main}{more['more']}", more["spared"], True
    if weak and not _is_spared(parts, left, lexicon):
        return words, None
    return main, Spared(left, first)


def spared(words: str, lexicon: Lexicon, room: Area | None) -> frozenset[str] | None:
    """The ids of the devices that an exception names; None where a part of it names nothing in this home."""
    around = frozenset(device.id for device in lexicon.home.in_area(room.name)) if room else frozenset[str]()
    found = [around if part in _HERE else _named(part, lexicon) for part in _parts(words)]
    return _with_members(frozenset().union(*found), lexicon.home) if all(found) else None


def _all(found: re.Match[str]) -> str:
    return f"all the{found['of']}" if found["of"] else "everything"


def _is_spared(parts: re.Match[str], left: str, lexicon: Lexicon) -> bool:
    """Whether "but" is followed by things: "but the fan on" wishes something else of it."""
    wished = parts.groupdict().get("spared") and _WISH.search(left)
    return not wished and all(part in _HERE or _named(part, lexicon) for part in _parts(left))


def _in_a_name(parts: re.Match[str], words: str, lexicon: Lexicon) -> bool:
    """Whether the word that parts the utterance is one of a name: a scene may be called "All Off Except Bedroom"."""
    behind = words[parts.end("main") :].split()
    word = behind[0] if behind else words.split(maxsplit=1)[0]
    return any(word in name.split() and f" {name} " in f" {words} " for name in lexicon.labels)


def _parts(words: str) -> list[str]:
    return [_AROUND.sub("", part).strip() for part in _JOIN.split(words)]


def _with_members(ids: Iterable[str], home: Home) -> frozenset[str]:
    """Devices, and all that they consist of."""
    found: set[str] = set()
    left = [*ids]
    while left:
        id_ = left.pop()
        if id_ not in found and id_ in home.by_id:
            found.add(id_)
            left += home.by_id[id_].members
    return frozenset(found)


def remaining(id_: str, spared: frozenset[str], home: Home) -> list[str]:
    """What is left of a device: of a group that loses something, the others one by one."""
    parts = _with_members([id_], home)
    if spared.isdisjoint(parts):
        return [id_]
    if id_ in spared:
        return []
    return [each.id for each in home.devices if each.id in parts - spared and not each.members]


def _named(words: str, lexicon: Lexicon) -> frozenset[str]:
    device = lexicon.device_of(words)
    if device is not None:
        return frozenset({device})
    if kind := _of_kind(words, lexicon):
        return kind
    place = max((name for name in lexicon.places if f" {name} " in f" {words} "), key=len, default=None)
    if place is None:
        return _of_words(words, lexicon)
    rest = _AROUND.sub("", " ".join(f" {words} ".replace(f" {place} ", " ", 1).split())).strip()
    within = lexicon.within[place]
    return within & (_of_kind(rest, lexicon) or _of_words(rest, lexicon)) if rest else within


def _of_kind(words: str, lexicon: Lexicon) -> frozenset[str]:
    """The devices that a common noun names, or one that several of them share."""
    noun = next((noun.plural for noun in KIND_NOUNS if words in {noun.plural, noun.singular}), words)
    return lexicon.nouns.get(noun, frozenset())


def _of_words(words: str, lexicon: Lexicon) -> frozenset[str]:
    """The devices whose name holds all of the words: to spare one too many does no harm."""
    said = set(words.split())
    return frozenset(id_ for label, id_ in lexicon.labels.items() if said and said <= set(label.split()))
