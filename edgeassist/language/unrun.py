"""Scenes that were spoken of and are not to be run: "turn off movie night" and "read a bedtime story".

A scene has one verb only, so that a model that hears its name runs it. Nothing takes back what a scene did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .lexicon import Lexicon
from .syntax import Reading
from .verbs import COURTESY

_ENDS = (
    rf"{COURTESY}(?:turn off|switch off|turn|switch|stop|cancel|end|undo|delete|rename|remove|edit|deactivate|disable"
    r"|quit|exit|leave|schedule|create|change) (?:(?:the|my|our|a|that) )?"
)
_SCENE = r"(?: (?:scene|mode|routine|thing))?"
_REST = r"(?: (?:off|please|now|again))*"
#: With one of these behind it the name of a scene is the first part of something else.
_AFTER = frozenset(
    "story stories tale snack snacks kiss song songs book books ticket tickets popcorn prayers playlist reminder"
    " budget recipe recipes invitation invitations dress outfit quotes ideas".split()
)


def unrun(readings: Iterable[Reading], words: str, lexicon: Lexicon) -> str | None:
    """What to ask where (normalised) words that were read as a scene, and as nothing else, do not ask to run it."""
    targets = [target for reading in readings for target in reading.targets if reading.form.verb == "run"]
    device = lexicon.home.by_id.get(lexicon.device_of(targets[0].label or "") or "") if len(targets) == 1 else None
    if device is None:
        return None
    names = lexicon.labels_of.get(device.id, ())
    said = [name for name in names if f" {name} " in f" {words} "]
    if any(_is_ended(name, words) for name in names):
        return f"{device.name} cannot be undone. Say what is to be turned on or off."
    if said and all(_goes_on(name, words) for name in said):
        return f'Shall I run {device.name}? Then say "run {device.name}".'
    return None


def _is_ended(name: str, words: str) -> bool:
    """Unless that is what the scene is called: "stop all"."""
    found = re.fullmatch(rf"{_ENDS}(?P<name>.+?){_SCENE}{_REST}", words)
    return found is not None and (found["name"] == name or found["name"] in name.split())


def _goes_on(name: str, words: str) -> bool:
    """Whether the name is the first part of something else: a bedtime story."""
    after = re.search(rf"\b{re.escape(name)} ([\w']+)", words)
    return after is not None and after[1] in _AFTER
