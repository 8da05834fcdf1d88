from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from pydantic import ValidationError

from edgeassist.errors import ConfigError
from edgeassist.home import Device
from edgeassist.policy import Occasion, PolicyOptions, Rule, Verdict, check_rules, decide
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

NOON = Occasion("mqtt", "Kitchen", time(12, 0))
GARAGE = device("Garage", "cover", device_class="garage")
BLIND = device("Blind", "cover", device_class="blind")
LOCK = device("Front Door", "lock")


def verdict(function: str, *targets: Device, rules: tuple[dict[str, Any], ...] = (), occasion: Occasion = NOON) -> str:
    parsed = [Rule.model_validate(rule) for rule in rules]
    return decide(FUNCTIONS[function], targets, occasion, parsed).verdict.name.lower()


@pytest.mark.parametrize(
    ("function", "target", "expected"),
    [
        ("turn_on", device("Lamp"), "allow"),
        ("turn_on", device("Siren", "siren"), "confirm"),
        ("turn_off", device("Siren", "siren"), "confirm"),
        ("toggle", device("Siren", "siren"), "confirm"),
        ("turn_off", device("Alarm", "alarm_control_panel"), "confirm"),
        ("open", BLIND, "allow"),
        ("open", GARAGE, "confirm"),
        ("open", device("Gate", "cover", device_class="gate"), "confirm"),
        ("open", device("Door", "cover", device_class="door"), "confirm"),
        ("open", device("Valve", "valve"), "allow"),
        ("set_position", GARAGE, "confirm"),
        ("close", GARAGE, "allow"),
        ("stop", GARAGE, "allow"),
        ("lock", LOCK, "allow"),
        ("unlock", LOCK, "confirm"),
        ("get_state", LOCK, "allow"),
        ("set_temperature", device("Heat", "climate"), "allow"),
        ("activate", device("Scene", "scene"), "allow"),
        ("start_vacuum", device("Robot", "vacuum"), "allow"),
    ],
)
def test_default_risk_is_the_contracts(function: str, target: Device, expected: str) -> None:
    assert verdict(function, target) == expected


@pytest.mark.parametrize("function", ["start_timer", "cancel_timer", "timer_status", "add_to_list"])
def test_function_without_a_device_is_allowed(function: str) -> None:
    assert verdict(function) == "allow"


def test_severest_target_decides() -> None:
    assert verdict("open", BLIND, GARAGE) == "confirm"
    assert verdict("turn_on", device("A"), device("B", risk="deny")) == "deny"


def test_mark_of_a_device_raises_its_risk_and_never_lowers_it() -> None:
    assert verdict("turn_on", device("Oven", "switch", risk="confirm")) == "confirm"
    assert verdict("unlock", device("Door", "lock", risk="low")) == "confirm"
    assert verdict("get_state", device("Oven", "switch", risk="deny")) == "allow"


def test_first_rule_that_fits_decides() -> None:
    allow = {"verdict": "allow", "functions": ["unlock"], "devices": ["Front*"]}
    deny = {"verdict": "deny"}
    assert verdict("unlock", LOCK, rules=(allow, deny)) == "allow"
    assert verdict("unlock", LOCK, rules=(deny, allow)) == "deny"
    assert verdict("unlock", device("Back Door", "lock"), rules=(allow,)) == "confirm"


@pytest.mark.parametrize("pattern", ["lock.front_door", "front door", "FRONT*", "lock", "*"])
def test_rule_names_a_device_by_id_name_or_kind(pattern: str) -> None:
    assert verdict("lock", LOCK, rules=({"verdict": "deny", "devices": [pattern]},)) == "deny"


def test_rule_does_not_fit_another_source_room_or_function() -> None:
    for condition in ({"sources": ["voice"]}, {"rooms": ["Hall"]}, {"functions": ["unlock"]}, {"devices": ["x"]}):
        assert verdict("lock", LOCK, rules=({"verdict": "deny", **condition},)) == "allow"


def test_rule_never_stops_a_question() -> None:
    assert verdict("get_state", LOCK, rules=({"verdict": "deny"},)) == "allow"


@pytest.mark.parametrize(
    ("between", "now", "fits"),
    [
        (("22:00", "06:30"), "23:00", True),
        (("22:00", "06:30"), "06:29", True),
        (("22:00", "06:30"), "06:30", False),
        (("22:00", "06:30"), "12:00", False),
        (("08:00", "20:00"), "08:00", True),
        (("08:00", "20:00"), "20:00", False),
    ],
)
def test_hours_of_a_rule_may_pass_midnight(between: tuple[str, str], now: str, fits: bool) -> None:
    occasion = Occasion("mqtt", None, time.fromisoformat(now))
    found = verdict("lock", LOCK, rules=({"verdict": "deny", "between": between},), occasion=occasion)
    assert (found == "deny") is fits


def test_verdicts_are_ordered_by_severity() -> None:
    assert Verdict.ALLOW < Verdict.CONFIRM < Verdict.DENY


@pytest.mark.parametrize("pin_hash", ["1234", "", "abc$def", "ü" * 16 + "$" + "0" * 64])
def test_pin_in_place_of_its_hash_is_refused(pin_hash: str) -> None:
    with pytest.raises(ValidationError):
        PolicyOptions.model_validate({"pin_hash": pin_hash})


@pytest.mark.parametrize("pattern", ["*", "unlock", "media_*", "UNLOCK"])
def test_rule_about_functions_that_there_are_is_taken(pattern: str) -> None:
    check_rules(PolicyOptions.model_validate({"rules": [{"verdict": "deny", "functions": [pattern]}]}), FUNCTIONS)


@pytest.mark.parametrize("pattern", ["unlok", "", "lights_*"])
def test_rule_about_no_function_is_a_configuration_error(pattern: str) -> None:
    options = PolicyOptions.model_validate({"rules": [{"verdict": "deny", "functions": ["lock", pattern]}]})
    with pytest.raises(ConfigError, match="rule 1"):
        check_rules(options, FUNCTIONS)
