"""What is left out because it was just said: "and the bedroom too", "turn it off again", "undo that".

Read by rule and before the model, from the last commands that the same source had carried out. It gives readings like
the model's, so that rooms, policy and confirmation are the same; where a rule does not fit to the word, it gives
nothing, and the model reads the utterance.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from edgeassist.functions import Function
from edgeassist.home import Device, Home
from edgeassist.language.lexicon import EVERYWHERE, HERE, Lexicon
from edgeassist.language.nouns import KIND_NOUNS
from edgeassist.language.syntax import Reading, Target
from edgeassist.text import normalise

#: Sources whose last commands are remembered, the latest ones.
MAX_SOURCES = 64
_IT = r"(?:it|that|this|them|those|these)"
_AGAIN = r"(?: (?:again|back|now|please))*"
_MORE = re.compile(
    r"(?:and|also|same for|and also|(?:and )?(?:do )?the same (?:for|in|on|with)) "
    r"(?P<what>.+?)(?P<too> too| as well| also)?"
)
_TOO = re.compile(r"(?P<what>.+?) (?:too|as well)")
_LEADING = re.compile(r"^(?:(?:in|on|for|at|with) )?(?:the |my )?")
_VERBS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), verb)
    for pattern, verb in (
        (rf"(?:turn|switch|put) (?:{_IT}(?: back)? (?P<power>on|off)|(?P<power2>on|off) {_IT}){_AGAIN}", ""),
        (rf"(?:open|close|lock|unlock|stop) {_IT}{_AGAIN}", "first word"),
        (rf"make {_IT} brighter|brighten {_IT}", "brighter"),
        (rf"make {_IT} (?:dimmer|darker)|dim {_IT}", "darker"),
    )
)
_BRIGHTER = re.compile(r"(?:a bit |a little )?(?:brighter|dimmer|darker)(?: still| again| please)?")
_UNDO = re.compile(r"(?:please )?(?:undo|revert|take back)(?: (?:that|it|this))?(?: please)?")
_OPPOSITE: Mapping[str, str] = {
    "on": "off",
    "off": "on",
    "open": "close",
    "close": "open",
    "lock": "unlock",
    "unlock": "lock",
    "brighter": "darker",
    "darker": "brighter",
}


@dataclass(frozen=True, slots=True)
class _Said:
    readings: tuple[Reading, ...]
    room: str | None
    at: float


class FollowUps:
    """The last readings of each source for ``window_s`` seconds. Owned by one thread."""

    def __init__(
        self, functions: Mapping[str, Function], window_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._forms = {form.verb: (function, form) for function in functions.values() for form in function.forms}
        self._window_s = window_s
        self._clock = clock
        self._said: OrderedDict[str, _Said] = OrderedDict()
        self._lexicon: Lexicon | None = None

    def remember(self, source: str, room: str | None, readings: Iterable[Reading]) -> None:
        """Note what a source had carried out."""
        self._said.pop(source, None)
        self._said[source] = _Said(tuple(readings), room, self._clock())
        while len(self._said) > MAX_SOURCES:
            self._said.popitem(last=False)

    def read(self, words: str, source: str, room: str | None, home: Home) -> tuple[tuple[Reading, ...], Lexicon] | None:
        """What normalised words mean after what the source said last; None where they are no follow-up."""
        last = self._said.get(source)
        if last is None or self._clock() - last.at > self._window_s or not (meant := _meant(words)):
            return None
        lexicon = self._of(home)
        readings = tuple(_placed(reading, last.room, room, lexicon) for reading in last.readings)
        kind, what = meant
        if kind == "undo":
            found = self._undone(readings, lexicon)
        elif kind == "verb":
            found = self._with_verb(what, readings, lexicon)
        else:
            found = self._elsewhere(what, readings, lexicon)
        return (found, lexicon) if found else None

    def _of(self, home: Home) -> Lexicon:
        if self._lexicon is None or self._lexicon.home is not home:
            self._lexicon = Lexicon.of(home)
        return self._lexicon

    def _elsewhere(self, what: str, readings: tuple[Reading, ...], lexicon: Lexicon) -> tuple[Reading, ...]:
        """The same, said of another thing or place."""
        if len({(reading.function.name, reading.values) for reading in readings}) != 1 or not readings[0].targets:
            return ()
        reading = readings[0]
        target = _target(what, reading, lexicon)
        return (replace(reading, targets=(target,)),) if target and _suits(reading, target, lexicon) else ()

    def _with_verb(self, verb: str, readings: tuple[Reading, ...], lexicon: Lexicon) -> tuple[Reading, ...]:
        """Something else, done to the same things."""
        targets = tuple(dict.fromkeys(target for reading in readings for target in reading.targets))
        function, form = self._forms[verb]
        noun_needed = form.naming == "noun"
        shaped = tuple(_shaped(target, noun_needed, readings, lexicon) for target in targets)
        made = Reading(function, form, (None,) * len(form.parts), shaped)
        return (made,) if shaped and all(_suits(made, target, lexicon) for target in shaped) else ()

    def _undone(self, readings: tuple[Reading, ...], lexicon: Lexicon) -> tuple[Reading, ...]:
        """The opposite, where there is one and it was about single devices: of many, some were so before."""
        undone = []
        for reading in reversed(readings):
            verb = _OPPOSITE.get(reading.form.verb)
            if verb is None or not all(target.label for target in reading.targets):
                return ()
            function, form = self._forms[verb]
            made = Reading(function, form, reading.values, reading.targets)
            if not all(_suits(made, target, lexicon) for target in made.targets):
                return ()
            undone.append(made)
        return tuple(undone)


def _meant(words: str) -> tuple[str, str] | None:
    """What sort of follow-up the words may be, and the part that says what."""
    if _UNDO.fullmatch(words):
        return "undo", ""
    for pattern, verb in _VERBS:
        if match := pattern.fullmatch(words):
            groups = match.groupdict()
            return "verb", groups.get("power") or groups.get("power2") or _verb(verb, words)
    if _BRIGHTER.fullmatch(words):
        return "verb", "brighter" if "brighter" in words else "darker"
    match = _MORE.fullmatch(words) or _TOO.fullmatch(words)
    return ("more", _LEADING.sub("", match["what"])) if match else None


def _verb(verb: str, words: str) -> str:
    return words.split(maxsplit=1)[0] if verb == "first word" else verb


def _target(what: str, reading: Reading, lexicon: Lexicon) -> Target | None:
    """A device, a place, or a noun in a place; None for words that are neither."""
    if lexicon.device_of(what):
        return Target(label=what)
    if what in lexicon.places or what == EVERYWHERE:
        return _shaped(Target(place=what), reading.form.naming == "noun", (reading,), lexicon)
    words = what.split()
    for i in range(1, len(words)):
        noun, place = " ".join(words[:i]), _LEADING.sub("", " ".join(words[i:]))
        plural = next((each.plural for each in KIND_NOUNS if noun in {each.plural, each.singular}), noun)
        if plural in lexicon.nouns and place in lexicon.places:
            return Target(noun=plural if reading.form.naming == "noun" else None, place=place)
    return None


def _shaped(target: Target, noun_needed: bool, readings: Iterable[Reading], lexicon: Lexicon) -> Target:
    """A target in the way that a form names it: with the noun of what was spoken of, or without."""
    if target.label is not None:
        return target
    if not noun_needed:
        return target if target.noun is None or target.noun in lexicon.shared else Target(place=target.place)
    if target.noun is not None:
        return target
    return Target(noun=_noun(readings, lexicon), place=target.place)


def _noun(readings: Iterable[Reading], lexicon: Lexicon) -> str | None:
    """The noun for what readings were about: their own, the device's, or that of the function's only kind."""
    for reading in readings:
        for target in reading.targets:
            if target.noun is not None and target.noun not in lexicon.shared:
                return target.noun
            devices = _devices(target, lexicon)
            if target.noun is None and target.label is None:
                kinds = reading.function.kinds
            else:
                kinds = frozenset(device.kind for device in devices)
            if len(kinds) == 1:
                return next((noun.plural for noun in KIND_NOUNS if noun.kinds == kinds and not noun.classes), None)
    return None


def _devices(target: Target, lexicon: Lexicon) -> list[Device]:
    by_id = lexicon.home.by_id
    if target.label is not None:
        device = lexicon.device_of(target.label)
        return [by_id[device]] if device in by_id else []
    found = [device for device in lexicon.home.devices if _there(device, target.place, lexicon)]
    return [device for device in found if target.noun is None or device.id in lexicon.nouns.get(target.noun, ())]


def _there(device: Device, place: str | None, lexicon: Lexicon) -> bool:
    if place in {None, HERE, EVERYWHERE}:
        return True
    return device.id in lexicon.within.get(place or "", ())


def _suits(reading: Reading, target: Target, lexicon: Lexicon) -> bool:
    if target.label is None and reading.form.naming == "noun" and target.noun is None:
        return False
    return any(reading.function.suits(reading.form, device) for device in _devices(target, lexicon))


def _placed(reading: Reading, then: str | None, now: str | None, lexicon: Lexicon) -> Reading:
    """With the room of then in place of "here", where the speaker has moved."""
    room = lexicon.home.find_area(then) if then and then != now else None
    if room is None:
        return reading
    place = normalise(room.name)
    return replace(
        reading,
        targets=tuple(replace(each, place=place) if each.place == HERE else each for each in reading.targets),
    )
