"""What is to go on a list, by its form alone: "add the vet's number to my monday list" says it in so many words.

An item may be any word at all, so that a model that has not met it takes the sentence for talk.
"""

from __future__ import annotations

import re
from functools import cache

from .verbs import COURTESY

_ADD = r"(?:add|put|include|insert|append|enter|place|write(?: down)?|note(?: down)?|jot(?: down)?|stick|pop|throw)"
_MINE = r"(?:(?:the|my|our|a|this|that) )?"
_TO = r"(?:to|on|onto|in|into)"
#: Words for an item that do not say which.
_NONE = (
    r"(?:(?:an?|the|my|some) )?(?:(?:new|last|next|missing|following|same) )*(?:this|that|these|those|it|them|items?"
    r"|things?|something|anything|everything|more|stuff|entry|entries|one|lists?|tasks?|events?|names?|people"
    r"|ingredients?)(?: \w+)?"
)
_ARTICLE = r"(?:(?:an?|the|some|my) )?"
_ITEM = rf"{_ARTICLE}(?P<item>(?!{_NONE}(?: {_TO}\b|$))[\w']+(?: [\w']+){{0,6}}?)"
#: The list that every home has needs no name.
_NAME = r"(?:shopping|grocery|groceries|(?P<name>to do|(?!to\b)[\w']+(?: [\w']+)?)) "
_LIST = rf"(?:(?:{_NAME})?list|(?P<own>wishlist|todo|to do))"
_FRONT = rf"{COURTESY}(?:(?:i (?:want|need|would like)(?: you)?|i'd like(?: you)?|remember|don't forget) to )?"
_END = r"(?: (?:please|now|for me|for us|thanks|thank you))*"
_SAID = (
    rf"{_ADD} {_ITEM} {_TO} {_MINE}{_LIST}",
    rf"{_ADD} {_TO} {_MINE}{_LIST} {_ITEM}",
    rf"(?:open|create|make|start|update|edit) {_MINE}(?:new )?{_LIST} (?:and|then) {_ADD} {_ITEM}",
    rf"update {_MINE}{_LIST} with {_ITEM}",
)
#: Without one of these nobody speaks of a list.
_LISTS = frozenset({"list", "wishlist", "todo", "do"})


def listed(words: str) -> str | None:
    """The line that puts on a list what (normalised) words say, where it is all that they say."""
    if _LISTS.isdisjoint(words.split()):
        return None
    for pattern in _patterns():
        if found := pattern.fullmatch(words):
            name = found["name"] or found["own"]
            return f" add {found['item']}" + (f"> {name}" if name else "")
    return None


@cache
def _patterns() -> list[re.Pattern[str]]:
    return [re.compile(_FRONT + said + _END) for said in _SAID]
