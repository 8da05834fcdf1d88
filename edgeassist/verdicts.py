"""What the policy says of all calls of an utterance together, and whether the model was sure enough of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edgeassist.functions import Function
from edgeassist.functions.covers import ENTRANCES
from edgeassist.home import Device, Home
from edgeassist.messages import Call
from edgeassist.policy import Decision, Occasion, PolicyOptions, Rule, Verdict, decide

#: To be wrong about these is worse than to ask, whichever way they are moved.
_SECURING = frozenset({"lock", "alarm_control_panel", "siren"})


def decide_calls(
    calls: Iterable[Call], functions: Mapping[str, Function], home: Home, occasion: Occasion, rules: Iterable[Rule]
) -> Decision:
    """The severest verdict over the calls of one utterance."""
    rules = tuple(rules)
    decisions = [decide(functions[call.name], _concerned(call, home), occasion, rules) for call in calls]
    return max(decisions, key=lambda decision: decision.verdict, default=Decision(Verdict.ALLOW))


def is_risky(calls: Iterable[Call], decision: Decision, functions: Mapping[str, Function], home: Home) -> bool:
    """Whether to be wrong would be worse than to ask: what asks first, and what moves a lock, a gate or an alarm."""
    return decision.verdict is not Verdict.ALLOW or any(
        not functions[call.name].reads and any(map(secures, _concerned(call, home))) for call in calls
    )


def is_unsure(
    confidence: float, calls: Iterable[Call], functions: Mapping[str, Function], options: PolicyOptions, *, risky: bool
) -> bool:
    """Whether the model was not sure enough for it to be carried out. A wrong answer does no harm: it says of what."""
    if all(functions[call.name].reads for call in calls):
        return False
    least = options.min_confidence or 0.0
    if risky:
        least = max(least, options.min_confidence_risky or 0.0)
    return not confidence >= least  # a confidence that is no number is none


def secures(device: Device) -> bool:
    """Whether it keeps somebody out, or calls for help."""
    return device.kind in _SECURING or (device.kind == "cover" and device.device_class in ENTRANCES)


def _concerned(call: Call, home: Home) -> list[Device]:
    """The targets of a call, and the members of those that are groups: commanding a group commands each of them."""
    targets = [home.by_id[target] for target in call.targets]
    members = [member for target in targets for member in target.members if member not in call.targets]
    return targets + [home.by_id[member] for member in dict.fromkeys(members) if member in home.by_id]
