"""Whether what was understood does to the home what was expected.

Calls are broken into effects, one for each device and argument, so that grouping and order do not matter; different
words for the same end ("open", and a position of 100) are one effect. "none" and "ask" both leave the home alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edgeassist.functions import Function
from edgeassist.text import normalise, normalise_utterance

from .suite import Case, Meaning, Step

_SAME: Mapping[tuple[str, str, Any], str] = {
    ("set_light", "brightness", 0): "turn_off",
    ("set_fan", "percentage", 0): "turn_off",
    ("set_position", "position", 0): "close",
    ("set_position", "position", 100): "open",
    ("set_temperature", "mode", "off"): "turn_off",
}
#: These switch a device on by themselves; "turn it on, in blue" is no more than "blue".
_ALSO_ON = frozenset({"set_light", "set_fan"})
_OPPOSITES = (("lock", "unlock"), ("open", "close"))
_KELVIN_TOLERANCE = 0.15


@dataclass(frozen=True)
class Effect:
    """``device`` is empty for timers and lists; ``argument`` where the function says it all."""

    function: str
    device: str
    argument: str = ""
    value: Any = None


@dataclass(frozen=True)
class Verdict:
    """What became of one case. Acting is everything but reading a state."""

    exact: bool
    acted: bool
    wrong_device: bool
    inverted: bool
    refused_rightly: bool


def judge(case: Case, found: Meaning, functions: Mapping[str, Function]) -> Verdict:
    """Compare with every right answer; the kindest one counts."""
    exact = any(same(case, meaning, found) for meaning in case.right)
    acting = [effect for effect in effects(found) if not functions[effect.function].reads]
    wanted = {effect.device for meaning in case.right for effect in effects(meaning)}
    commands = isinstance(case.right[0], tuple)
    return Verdict(
        exact=exact,
        acted=bool(acting),
        wrong_device=commands and any(effect.device not in wanted for effect in acting),
        inverted=not exact and _inverted(case, found),
        refused_rightly=isinstance(found, str) and found in case.right,
    )


def same(case: Case, wanted: Meaning, found: Meaning) -> bool:
    """Equal effects; steps by their sign unless the amount was said, colour temperatures by 15 %.

    To ask and to do nothing have the same effect, but a wish whose home is unknown is understood only by asking.
    """
    if case.loose:
        return wanted == found if isinstance(wanted, str) else _loosely(effects(wanted), effects(found))
    said = set(normalise_utterance(case.text).split())
    left, right = effects(wanted), effects(found)
    if len(left) != len(right):
        return False
    rest = list(right)
    for effect in left:
        match = next((other for other in rest if equal(effect, other, said)), None)
        if match is None:
            return False
        rest.remove(match)
    return True


def _loosely(wanted: Sequence[Effect], found: Sequence[Effect]) -> bool:
    """Every effect is one of the wanted ones, save for its value, which may only not have another sign."""
    return bool(found) and all(any(_alike(effect, other) for other in wanted) for effect in found)


def _alike(wanted: Effect, found: Effect) -> bool:
    if (wanted.function, wanted.device, wanted.argument) != (found.function, found.device, found.argument):
        return False
    return not wanted.argument.endswith("_step") or bool(wanted.value * found.value > 0)


def effects(meaning: Meaning) -> list[Effect]:
    """Every effect once; empty for "none" and "ask"."""
    if isinstance(meaning, str):
        return []
    found = list(dict.fromkeys(effect for step in meaning for effect in _of(step)))
    lit = {effect.device for effect in found if effect.function in _ALSO_ON}
    return [effect for effect in found if not (effect.function == "turn_on" and effect.device in lit)]


def label(meaning: Meaning) -> str:
    """The row or column of a confusion table."""
    if isinstance(meaning, str):
        return meaning
    return " + ".join(sorted({step.function for step in meaning}))


def _of(step: Step) -> Iterable[Effect]:
    whole = step.function in {"start_timer", "add_to_list"}
    for device in step.devices or ("",):
        if not step.arguments or whole:
            words = tuple(sorted((name, _value(value)) for name, value in step.arguments.items()))
            yield Effect(step.function, device, value=words or None)
        for name, value in () if whole else step.arguments.items():
            simpler = _SAME.get((step.function, name, value))
            yield Effect(simpler, device) if simpler else Effect(step.function, device, name, _value(value))


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return normalise(value).removeprefix("the ")
    return round(float(value), 2) if isinstance(value, int | float) and not isinstance(value, bool) else value


def equal(wanted: Effect, found: Effect, said: set[str]) -> bool:
    """Whether two effects are the same, given the words that were said."""
    if (wanted.function, wanted.device, wanted.argument) != (found.function, found.device, found.argument):
        return False
    if wanted.argument == "color_temp":
        return bool(abs(found.value - wanted.value) <= _KELVIN_TOLERANCE * wanted.value)
    if wanted.argument.endswith("_step") and f"{abs(wanted.value):g}" not in said:
        return bool(wanted.value * found.value > 0)
    return bool(wanted.value == found.value)


def _inverted(case: Case, found: Meaning) -> bool:
    """Something was opened or unlocked that should have been closed or locked, or the other way round."""
    wanted = Counter((e.function, e.device) for meaning in case.right for e in effects(meaning))
    for effect in effects(found):
        for one, other in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES)):
            if effect.function == one and (one, effect.device) not in wanted and (other, effect.device) in wanted:
                return True
    return False
