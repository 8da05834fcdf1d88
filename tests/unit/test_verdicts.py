import pytest

from edgeassist.functions import builtin_functions
from edgeassist.home import Device, Home
from edgeassist.messages import Call
from edgeassist.policy import Decision, PolicyOptions, Verdict
from edgeassist.verdicts import is_risky, is_unsure
from tests.support.homes import device

FUNCTIONS = builtin_functions()
ALLOWED = Decision(Verdict.ALLOW)


def _risky(function: str, thing: Device, *others: Device, decision: Decision = ALLOWED) -> bool:
    return is_risky((Call(function, {}, (thing.id,)),), decision, FUNCTIONS, Home((thing, *others)))


@pytest.mark.parametrize(
    ("function", "thing", "risky"),
    [
        ("lock", device("Porch", "lock"), True),
        ("close", device("Gate", "cover", device_class="gate"), True),
        ("turn_off", device("Siren", "siren"), True),
        ("close", device("Blind", "cover", device_class="blind"), False),
        ("turn_on", device("Lamp"), False),
        ("get_state", device("Porch", "lock"), False),
    ],
)
def test_whatever_moves_a_lock_a_gate_or_an_alarm_is_risky(function: str, thing: Device, risky: bool) -> None:
    assert _risky(function, thing) is risky


def test_group_with_a_lock_in_it_is_risky_and_so_is_what_asks_first() -> None:
    porch = device("Porch", "lock")
    assert _risky("turn_on", device("Evening", members=(porch.id,)), porch)
    assert _risky("turn_on", device("Lamp"), decision=Decision(Verdict.CONFIRM))


@pytest.mark.parametrize(
    ("confidence", "plain", "risky"), [(0.05, True, True), (0.2, False, True), (0.4, False, False)]
)
def test_risky_acts_want_more_confidence(confidence: float, plain: bool, risky: bool) -> None:
    options = PolicyOptions(min_confidence=0.1, min_confidence_risky=0.3)
    acts, reads = [Call("turn_on", {}, ())], [Call("get_state", {}, ())]
    assert is_unsure(confidence, acts, FUNCTIONS, options, risky=False) is plain
    assert is_unsure(confidence, acts, FUNCTIONS, options, risky=True) is risky
    assert is_unsure(confidence, [*reads, *acts], FUNCTIONS, options, risky=True) is risky
    assert not is_unsure(confidence, reads, FUNCTIONS, options, risky=False), "a wrong answer does no harm"
    assert not is_unsure(confidence, acts, FUNCTIONS, PolicyOptions(), risky=True)
    assert is_unsure(float("nan"), acts, FUNCTIONS, PolicyOptions(), risky=True), "that is no confidence at all"
