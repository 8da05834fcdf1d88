"""Scenes that were spoken of and are not to be run: "turn off movie night", "read a bedtime story", "date night".

A scene has one verb only, so that a model that hears a name like its runs it. Nothing takes back what a scene did, so
that one of another name is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from .explained import unexplained
from .lexicon import Lexicon
from .syntax import Reading
from .verbs import COURTESY

#: A model that is surer than this is believed where no name was said.
_SURE = 0.9
_ENDS = (
    rf"{COURTESY}(?:turn off|switch off|turn|switch|stop|cancel|end|undo|delete|rename|remove|edit|deactivate|disable"
    r"|quit|exit|leave|schedule|create|change|finish|kill|close|pause|skip|save|forget|reset|revert|reverse|snooze"
    r"|postpone|delay|no|not|never mind|no more|abort) (?:(?:the|my|our|a|that) )?"
)
_SCENE = r"(?: (?:scene|mode|routine|thing))?"
_REST = r"(?: (?:off|please|now|again))*"
_OVER = r"(?:is over|(?:at|by|until|till) \d.*)"
#: With one of these behind it the name of a scene is the first part of something else.
_AFTER = frozenset(
    "story stories tale snack snacks kiss song songs book books ticket tickets popcorn prayers playlist reminder"
    " budget recipe recipes invitation invitations dress outfit quotes ideas".split()
)
#: Last words of the names of scenes, which say nothing of what they are for.
_ANOTHER = (
    rf"{COURTESY}(?:(?:run|start|activate|enable|set|begin|do|(?:turn|switch) on|it's|let's do|time for) )?"
    r"(?:(?:the|my) )?(?P<sort>[\w']+) (?P<head>scene|mode|time|night|routine|morning|evening)(?: (?:on|please|now))*"
)
#: Nobody runs a scene with one of these, unless it is in its name.
_VERBS = frozenset(
    "play read tell book order buy cook call text email message show find search print write sing remind feed wash"
    " charge open lock unlock pause record watch stream download announce broadcast plan rent arm make dress"
    " list".split()
)
#: What is called by several names.
_SAME = tuple(
    frozenset(said.split())
    for said in (
        "movie movies film films cinema",
        "bed bedtime sleep sleeping night goodnight good",
        "away leaving leave out vacation holiday",
        "dinner supper meal eating",
    )
)


def unrun(readings: Iterable[Reading], words: str, lexicon: Lexicon, confidence: float) -> str | None:
    """What to ask where (normalised) words that were read as a scene, and as nothing else, do not ask to run it.

    "Honey, I'm home" may well ask for one, where the model is sure.
    """
    targets = [target for reading in readings for target in reading.targets if reading.form.verb == "run"]
    device = lexicon.named(targets[0].label) if len(targets) == 1 else None
    if device is None:
        return None
    names = lexicon.labels_of.get(device.id, ())
    said = [name for name in names if f" {name} " in f" {words} "]
    if any(_is_ended(name, words) for name in names):
        return f"{device.name} cannot be undone. Say what is to be turned on or off."
    if not said and (named := re.fullmatch(_ANOTHER, words)):
        another = _is_another(named["sort"], names)
        return f"I know no {named['sort']} {named['head']} here, only {device.name}." if another else None
    doubtful = confidence < _SURE and unexplained(frozenset(words.split()), lexicon)
    if _is_something_else(names, words) or (all(_goes_on(name, words) for name in said) if said else doubtful):
        return f'Shall I run {device.name}? Then say "run {device.name}".'
    return None


def _is_ended(name: str, words: str) -> bool:
    """Unless that is what the scene is called: "stop all"."""
    found = re.fullmatch(rf"{_ENDS}(?P<name>.+?){_SCENE}{_REST}|(?:the )?(?P<first>.+?){_SCENE} off(?: please)?", words)
    said = found and (found["name"] or found["first"])
    return bool(said) and (said == name or said in name.split()) and name != words


def _is_something_else(names: Collection[str], words: str) -> bool:
    own = {word for name in names for word in name.split()}
    ended = any(re.search(rf"\b{re.escape(name)} {_OVER}$", words) for name in names)
    return ended or re.sub(rf"^{COURTESY}", "", words).partition(" ")[0] in _VERBS - own


def _goes_on(name: str, words: str) -> bool:
    """Whether the name is the first part of something else: a bedtime story."""
    after = re.search(rf"\b{re.escape(name)} ([\w']+)", words)
    return after is not None and after[1] in _AFTER


def _is_another(sort: str, names: Iterable[str]) -> bool:
    """Whether a scene of that sort has none of these names, nor one that means the same."""
    own = {word for name in names for word in name.split()}
    return sort not in own and not any(sort in same and same & own for same in _SAME)
