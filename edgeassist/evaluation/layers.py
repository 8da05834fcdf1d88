"""Which layer an answer failed in: whether it could be said at all, was forbidden, left out, not chosen or not dared.

For every case the expected effect is looked for among all that the lexicon can name and the forms can say, first in the
whole home, then without the verbs that the words forbid, then in the part of the home that the grammar is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from edgeassist.functions import Form, Function
from edgeassist.home import Area, Home
from edgeassist.language import exceptions
from edgeassist.language.grammar import FOR_EVERYTHING
from edgeassist.language.guard import admitted
from edgeassist.language.lexicon import EVERYWHERE, HERE, Lexicon
from edgeassist.language.nouns import ALL
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.language.shortlist import Shortlister
from edgeassist.language.syntax import Reading, Target
from edgeassist.text import normalise, normalise_utterance

from .compare import Effect, effects, equal, same
from .path import as_step
from .report import Judged, Report
from .suite import Case, Meaning, Step


class Layer(StrEnum):
    """In the order in which an utterance passes them."""

    RIGHT = "right"
    UNSAYABLE = "no line says it"
    GUARD = "its words forbid it"
    SHORTLIST = "left out of the grammar"
    ASKED = "asked: several fit"
    UNSURE = "right, but not sure enough"
    REFUSED = "the model said none"
    FUNCTION = "the model chose another function"
    TARGET = "the model chose another target"
    VALUE = "the model chose another value"
    ACTED = "acted where it should not"


@dataclass(frozen=True)
class Sayable:
    """How an expected answer can be said: whether at all, and whether without listing devices one by one."""

    whole: bool
    admitted: bool
    offered: bool
    plainly: bool


@dataclass(frozen=True)
class Explained:
    judged: Judged
    sayable: Sayable
    layer: Layer


class Speakable:
    """All that the forms of some functions can say of one home, as effects."""

    def __init__(self, home: Home, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self.lexicon = Lexicon.of(home)
        self._shortlister = Shortlister(self.lexicon)

    def sayable(self, case: Case) -> Sayable:
        """Of the right answers that command or read something, the one that can be said best."""
        words = normalise_utterance(case.text)
        allowed = admitted(self._functions, words)
        if case.loose:
            # Nobody knows the values; what remains to be told is whether the words forbid it.
            names = {step.function for meaning in case.right if not isinstance(meaning, str) for step in meaning}
            may = any(name in allowed and allowed[name].forms for name in names)
            return Sayable(whole=True, admitted=may, offered=may, plainly=may)
        narrow = self._shortlister.narrow(words)
        best = Sayable(whole=False, admitted=False, offered=False, plainly=False)
        for meaning in case.right:
            if isinstance(meaning, str):
                continue
            whole = self._covers(case, meaning, self._functions, self.lexicon)
            may = whole and self._covers(case, meaning, allowed, self.lexicon)
            offered = may and self._covers(case, meaning, allowed, narrow)
            plainly = offered and self._covers(case, meaning, allowed, narrow, at_once=True)
            best = max(best, Sayable(whole, may, offered, plainly), key=_rank)
        return best

    def _covers(
        self,
        case: Case,
        meaning: Sequence[Step],
        functions: Mapping[str, Function],
        lexicon: Lexicon,
        *,
        at_once: bool = False,
    ) -> bool:
        """Whether lines add up to the meaning; ``at_once``: each function by one target, or one for each device."""
        return all(self._step(case, step, functions, lexicon, at_once=at_once) for step in meaning)

    def _step(
        self, case: Case, step: Step, functions: Mapping[str, Function], lexicon: Lexicon, *, at_once: bool
    ) -> bool:
        wanted = effects((step,))
        left = list(wanted)
        for reading in self._readings(case, wanted, functions, lexicon):
            found = self._effects(case, reading)
            if not found or any(_taken(case, effect, wanted) is None for effect in found):
                continue
            if at_once and len(step.devices) > 1 and len(found) < len(wanted):
                continue
            for effect in found:
                match = _taken(case, effect, left)
                if match is not None:
                    left.remove(match)
            if not left:
                return True
        return False

    def _readings(
        self, case: Case, wanted: Sequence[Effect], functions: Mapping[str, Function], lexicon: Lexicon
    ) -> Iterable[Reading]:
        """Every single reading that could be a part of the wanted effects."""
        names = {effect.function for effect in wanted}
        devices = frozenset(effect.device for effect in wanted)
        words = normalise_utterance(case.text)
        for function in functions.values():
            if function.name not in names:
                continue
            for form in function.forms:
                for values in _values(form, wanted, words):
                    for target in self._targets(function, form, lexicon, devices):
                        yield Reading(function, form, values, (target,) if target else ())

    def _targets(
        self, function: Function, form: Form, lexicon: Lexicon, wanted: frozenset[str]
    ) -> Iterable[Target | None]:
        """Every target that holds one of the wanted devices, or may."""
        if form.naming == "nothing":
            yield None
            return
        ids = lexicon.reach.fitting(function, form)
        yield from (Target(label=label) for label, device in lexicon.labels.items() if device in ids & wanted)
        if form.naming == "named":
            return
        places = [place for place in (*lexicon.places, EVERYWHERE) if not wanted.isdisjoint(lexicon.within[place])]
        for noun in lexicon.reach.nouns(ids):
            if noun == ALL.plural and form.verb not in FOR_EVERYTHING:
                continue
            if noun not in lexicon.nouns or wanted.isdisjoint(lexicon.nouns[noun]):
                continue
            if form.naming == "noun" or noun in lexicon.shared:
                yield from (Target(noun=noun, place=place) for place in (*places, HERE))
        if form.naming == "place":
            yield from (Target(place=place) for place in (*places, HERE))

    def _effects(self, case: Case, reading: Reading) -> list[Effect]:
        text, spared = exceptions.split(normalise_utterance(case.text), self.lexicon)
        context = Context(self.lexicon, self._room(case.room), frozenset(text.split()), spared=spared)
        try:
            calls = resolve((reading,), context)
        except Ambiguous:
            return []
        return effects(tuple(map(as_step, calls)))

    def _room(self, name: str | None) -> Area | None:
        return self._rooms.get(normalise(name)) if name else None

    @cached_property
    def _rooms(self) -> dict[str, Area]:
        return {
            normalise(name): area for area in reversed(self.lexicon.home.areas) for name in (*area.aliases, area.name)
        }


def explain(report: Report, homes: Mapping[str, Home], functions: Mapping[str, Function]) -> list[Explained]:
    """The layer of every answer of a report, and how its expected effect could have been said."""
    speakable: dict[str, Speakable] = {}
    found = []
    for judged in report.judged:
        home = judged.case.home
        if home not in speakable:
            speakable[home] = Speakable(homes[home], functions)
        sayable = speakable[home].sayable(judged.case)
        found.append(Explained(judged, sayable, failed_in(judged, sayable)))
    return found


def failed_in(judged: Judged, sayable: Sayable) -> Layer:
    """The layer that one answer failed in."""
    case, meant = judged.case, judged.answer.meant
    if judged.verdict.exact:
        return Layer.RIGHT
    if isinstance(case.right[0], str):
        return Layer.ACTED
    passed = ((sayable.whole, Layer.UNSAYABLE), (sayable.admitted, Layer.GUARD), (sayable.offered, Layer.SHORTLIST))
    stopped = next((layer for good, layer in passed if not good), None)
    if stopped is not None:
        return stopped
    if isinstance(meant, str):
        return Layer.ASKED if meant == "ask" else Layer.REFUSED
    return _mistake(case, meant)


def _mistake(case: Case, found: Meaning) -> Layer:
    if any(same(case, meaning, found) for meaning in case.right):
        return Layer.UNSURE
    given = effects(found)
    best = Layer.FUNCTION
    for meaning in case.right:
        wanted = effects(meaning)
        if {(e.function, e.argument) for e in wanted} != {(e.function, e.argument) for e in given}:
            continue
        best = Layer.VALUE if {e.device for e in wanted} == {e.device for e in given} else Layer.TARGET
    return best


def _taken(case: Case, effect: Effect, among: Sequence[Effect]) -> Effect | None:
    said = set(normalise_utterance(case.text).split())
    return next((wanted for wanted in among if equal(wanted, effect, said)), None)


def _values(form: Form, wanted: Sequence[Effect], words: str) -> Iterable[tuple[object, ...]]:
    """Values of the form's parts that may give one of the wanted effects."""
    if not form.parts:
        yield ()
        return
    for effect in wanted:
        said = dict(effect.value) if isinstance(effect.value, tuple) else {effect.argument: effect.value}
        held = [_spoken(said.get(part.argument), part.sign) for part in form.parts]
        # What was not said may still be what is meant without it: the shopping list.
        held = [None if isinstance(value, str) and not _in(value, form, words) else value for value in held]
        if all(part.optional or value is not None for part, value in zip(form.parts, held, strict=True)):
            yield tuple(held)
    simple = _SIMPLE.get(form.verb)
    if simple is not None:
        yield simple


#: Values that are another function's effect: a brightness of 0 is off.
_SIMPLE: Mapping[str, tuple[object, ...]] = {"mode": ("off",)}


def _spoken(value: object, sign: int) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value * sign if value * sign >= 0 else None
    return value


def _in(value: str, form: Form, words: str) -> bool:
    return form.naming != "nothing" or f" {value} " in f" {words} "


def _rank(sayable: Sayable) -> tuple[bool, bool, bool, bool]:
    return sayable.whole, sayable.admitted, sayable.offered, sayable.plainly
