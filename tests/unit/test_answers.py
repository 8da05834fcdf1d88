from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist import answers
from edgeassist.home import Device, Home
from edgeassist.messages import Call, CallResult, Status, Value
from tests.support.homes import device, homes


def said(
    found: Device | list[Device],
    state: dict[str, Value],
    *,
    attribute: str | None = None,
    unit: str = "C",
    here: bool = True,
) -> str:
    devices = found if isinstance(found, list) else [found]
    home = Home(tuple(devices), unit="F" if unit == "F" else "C")
    call = Call("get_state", {"attribute": attribute} if attribute else {}, tuple(each.id for each in devices))
    return answers.answer(call, home, lambda _id: state, lambda _id: here)


@pytest.mark.parametrize(
    ("found", "state", "attribute", "answer"),
    [
        (device("Lamp"), {"power": "on", "brightness": 40.0}, None, "The Lamp is on, at 40 percent."),
        (device("Lamp"), {"power": "off", "brightness": 40.0}, None, "The Lamp is off."),
        (device("Lamp"), {"brightness": 40.0}, "brightness", "The brightness of the Lamp is 40 percent."),
        (device("Door", "lock"), {"lock": "unlocked"}, None, "The Door is unlocked."),
        (device("Gate", "cover"), {"opening": "open", "position": 100.0}, None, "The Gate is open."),
        (device("Porch", "binary_sensor", device_class="door"), {"contact": "on"}, None, "The Porch is open."),
        (device("Smoke", "binary_sensor", device_class="smoke"), {"contact": "off"}, None, "The Smoke is clear."),
        (device("Power", "sensor", unit="W"), {"reading": 12.5}, None, "The Power is 12.5 W."),
        (
            device("Heat", "climate"),
            {"current_temperature": 20.5, "temperature": 22.0},
            "temperature",
            "The temperature of the Heat is 20.5 degrees.",
        ),
        (
            device("Radio", "media_player"),
            {"muted": True, "volume": 30.0},
            "volume",
            "The volume of the Radio is 30 percent.",
        ),
        (device("Lamp"), {}, None, "The Lamp has not reported its state yet."),
        (device("Lamp"), {}, "battery", "The Lamp has not reported battery yet."),
    ],
)
def test_answer_says_what_was_reported(
    found: Device, state: dict[str, Value], attribute: str | None, answer: str
) -> None:
    assert said(found, state, attribute=attribute) == answer


def test_temperatures_are_told_in_the_homes_unit() -> None:
    assert said(device("Heat", "climate"), {"current_temperature": 20.0}, attribute="temperature", unit="F") == (
        "The temperature of the Heat is 68 degrees."
    )


def test_offline_device_is_said_to_be_offline() -> None:
    assert said(device("Lamp"), {"power": "on"}, here=False) == "The Lamp is offline."


def test_many_devices_are_counted_and_some_named() -> None:
    lamps = [device(f"Lamp {number}") for number in range(8)]
    assert said(lamps, {"power": "on"}) == "8 of 8 are on or open: Lamp 0, Lamp 1, Lamp 2, Lamp 3, Lamp 4 and 3 more."
    assert said(lamps, {"power": "off"}) == "None of the 8 is on or open."


def test_device_that_left_is_no_device() -> None:
    assert answers.answer(Call("get_state", {}, ("gone",)), Home(), lambda _id: {}, lambda _id: True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (Call("turn_on", {"name": "Lamp"}), "turn on Lamp"),
        (
            Call("set_light", {"name": "Lamp", "brightness": 40, "color": "red"}),
            "set light Lamp brightness 40, color red",
        ),
        (Call("turn_off", {"area": "Kitchen", "kind": "light"}), "turn off every light in Kitchen"),
        (Call("turn_off", {"area": "Kitchen"}), "turn off everything in Kitchen"),
        (Call("turn_off", {"kind": "media_player"}), "turn off every media player"),
    ],
)
def test_call_is_told_in_words(call: Call, words: str) -> None:
    assert answers.describe(call).startswith(words)


@pytest.mark.parametrize(
    ("status", "begin"),
    [
        (Status.VERIFIED, "Done: "),
        (Status.SENT, "Sent: "),
        (Status.DRY_RUN, "Would do: "),
        (Status.TIMEOUT, "Not done: "),
        (Status.FAILED, "Not done: "),
    ],
)
def test_report_never_says_more_than_is_known(status: Status, begin: str) -> None:
    assert answers.report([CallResult(Call("turn_on", {"name": "Lamp"}), status)]).startswith(begin)


VALUES = st.one_of(st.text(max_size=5), st.floats(), st.booleans(), st.tuples(*[st.integers(0, 255)] * 3))
PROPERTIES = [
    "power",
    "brightness",
    "opening",
    "contact",
    "reading",
    "temperature",
    "battery",
    "mode",
    "muted",
    "color",
]


@given(homes(), st.dictionaries(st.sampled_from(PROPERTIES), VALUES), st.sampled_from([None, *PROPERTIES]))
def test_any_state_is_answered(home: Home, state: dict[str, Value], attribute: str | None) -> None:
    call = Call("get_state", {"attribute": attribute} if attribute else {}, tuple(home.by_id))
    assert answers.answer(call, home, lambda _id: state, lambda _id: True)


def test_what_a_device_uses_is_told_by_the_sensor_called_after_it() -> None:
    plug = device("Dryer", "switch")
    meter = device("Dryer Power", "sensor", device_class="power", unit="W")
    home = Home((plug, meter, device("Heater Power", "sensor", device_class="power", id="other")))
    states: dict[str, dict[str, Value]] = {plug.id: {"power": "on"}, meter.id: {"reading": 900.0}}
    call = Call("get_state", {"attribute": "power"}, (plug.id,))
    told = answers.answer(call, home, lambda each: states.get(each, {}), lambda _id: True)
    assert told == "The Dryer Power is 900 W."


def test_switch_without_a_meter_does_not_pass_its_state_off_as_its_power() -> None:
    assert said(device("Dryer", "switch"), {"power": "on"}, attribute="power").endswith("has not reported power yet.")
