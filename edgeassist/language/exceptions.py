"""What a command leaves out: "turn everything off except the fridge".

A line of the model can name what is meant and not what is spared. So the exception is taken out of the utterance before
the model reads it, looked up by its words alone, and what it names is kept out of every call.
"""

from __future__ import annotations

import re

from .lexicon import Lexicon
from .nouns import KIND_NOUNS

_VERBS = "turn|switch|put|set|make|dim|open|close|shut|lock|raise|lower|pull|stop|start|pause|play|mute|kill|cut|power"
_APART = (
    r"(?:with the exception of|except(?:ing)?(?: for)?|apart from|aside from|other than|excluding|save for|leaving out"
    r"|not counting|but not(?! (?:too|so|very|as|all|yet|now|more|fully|completely|for|until|at|quite|any)\b))"
)
#: "... but leave the landing on": what is left as it is.
_LEFT = (
    r"(?:(?:please|just|do) )*(?:leave|keep) (?!(?:it|them|that|this|everything|all)\b)(?P<left>\S+(?: \S+){0,4}?) "
    r"(?:on|off|open|closed|shut|locked|unlocked|alone|be|running|lit|as (?:it is|they are))$"
)
_BEHIND = re.compile(rf"^(?P<main>.+?) (?:{_APART} (?P<spared>.+)|but {_LEFT})")
#: Where all were meant, "but" and "and leave" leave something out as well: "everything but the fridge".
_OF_ALL = re.compile(
    r"^(?P<main>.*?\b(?:all|every\w*|each|whole|entire|the lot)\b.*?) "
    rf"(?:and {_LEFT}|but (?!(?:not|also|then|please|first|i|we|you|it|he|she|they|there|don't|do|leave|keep|{_VERBS})"
    r"\b)(?P<spared>.+))"
)
_BEFORE = re.compile(rf"^{_APART} (?P<spared>.+?) (?P<main>(?:{_VERBS})\b .+)$")
#: Another command behind the exception.
_MORE = re.compile(rf"^(?P<spared>.+?)(?P<more> (?:and then|and|then) (?:{_VERBS})\b.+)$")
#: What is written down is written down as it was said.
_WRITTEN = re.compile(r"\b(?:lists?|shopping|groceries|add|timers?|remind)\b")
_JOIN = re.compile(r" (?:and|or|nor|plus|as well as) ")
_AROUND = re.compile(
    r"^(?:(?:for|the|my|our|any|all|that|those|this|these|both|of|in|on|at|ones?|what's|whatever is)(?: |$))+"
    r"|(?:(?:^| )(?:please|thanks|thank you|ones?|in|at|of|the|on|off|open|closed|though|for now))+$"
)


def split(words: str) -> tuple[str, str]:
    """The (normalised) utterance without its exception, and the words of the exception, empty where it has none."""
    if _WRITTEN.search(words):
        return words, ""
    found = _BEFORE.match(words) or _BEHIND.match(words) or _OF_ALL.match(words)
    if not found:
        return words, ""
    main, named = found["main"], next(filter(None, (found.groupdict().get(name) for name in ("spared", "left"))))
    if more := _MORE.match(named):
        return f"{main}{more['more']}", more["spared"]
    return main, named


def spared(words: str, lexicon: Lexicon) -> frozenset[str] | None:
    """The ids of the devices that an exception names; None where a part of it names nothing in this home."""
    parts = [_named(_AROUND.sub("", part).strip(), lexicon) for part in _JOIN.split(words)]
    return frozenset().union(*parts) if all(parts) else None


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
