from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from edgeassist.errors import BusError, CommandError
from edgeassist.execute import Executor, metric
from edgeassist.home import Device, Home
from edgeassist.messages import Call, CallResult, Publish, Status, Value
from tests.support.fakehome import FakeHome
from tests.support.homes import Wire, device
from tests.support.reading import FUNCTIONS

LAMP = device("Lamp", id="lamp")


def home_of(*devices: Device, silent: Iterable[str] = (), offline: Iterable[str] = ()) -> FakeHome:
    return FakeHome(Home(devices), silent=silent, offline=offline)


def done(home: FakeHome, name: str, *targets: str, **arguments: Any) -> CallResult:
    executor = Executor(home, home.publish, FUNCTIONS)
    (result,) = executor.settle([executor.send(Call(name, arguments, targets))])
    return result


def test_device_that_reports_what_it_was_told_is_verified() -> None:
    home = home_of(LAMP)
    result = done(home, "turn_on", "lamp")
    assert (result.status, result.error) == (Status.VERIFIED, None)
    assert result.published == (Publish("lamp/set", b"power=on"),)


def test_device_that_reports_nothing_is_a_timeout_that_names_it() -> None:
    result = done(home_of(LAMP, silent=["lamp"]), "turn_on", "lamp")
    assert result.status is Status.TIMEOUT
    assert result.error is not None
    assert "Lamp" in result.error


def test_device_without_a_state_topic_is_sent() -> None:
    home = home_of(replace(LAMP, driver=Wire("lamp", reports=False)), silent=["lamp"])
    assert done(home, "turn_on", "lamp").status is Status.SENT
    assert home.waited == []


def test_device_that_only_tells_whether_it_is_there_is_sent() -> None:
    from edgeassist.conventions.driver import Availability, Reader, TopicDriver

    here = Availability([Reader("lamp/here", lambda payload: {"available": payload == b"online"})])
    driver = TopicDriver([], lambda change, state: [Publish("lamp/set", b"power=on")], here)
    home = home_of(replace(LAMP, driver=driver), silent=["lamp"])
    assert done(home, "turn_on", "lamp").status is Status.SENT


def test_toggle_of_an_unknown_state_is_sent() -> None:
    assert done(home_of(LAMP), "toggle", "lamp").status is Status.SENT


def test_offline_device_fails_and_gets_no_command() -> None:
    home = home_of(LAMP, offline=["lamp"])
    result = done(home, "turn_on", "lamp")
    assert (result.status, result.error) == (Status.FAILED, "Lamp is offline")
    assert home.sent == []


def test_device_that_left_fails() -> None:
    assert done(home_of(), "turn_on", "lamp").status is Status.FAILED


def test_device_without_a_driver_fails() -> None:
    result = done(home_of(replace(LAMP, driver=None)), "turn_on", "lamp")
    assert result.status is Status.FAILED


def test_what_a_device_cannot_fails_before_anything_is_sent() -> None:
    home = home_of(device("Bulb", id="bulb", able=()))
    assert done(home, "set_light", "bulb", color="red").status is Status.FAILED
    assert home.sent == []


@pytest.mark.parametrize("error", [CommandError("no payload"), BusError("topic 'a/#': must not hold '#'")])
def test_command_that_cannot_be_made_or_published_fails_that_device_only(error: Exception) -> None:
    class Broken(Wire):
        def encode(self, change: Mapping[str, Value], state: Mapping[str, Value]) -> list[Publish]:
            if isinstance(error, CommandError):
                raise error
            return [Publish("broken/#", b"")]

    home = home_of(replace(device("Broken", id="broken"), driver=Broken("broken")), LAMP)

    def publish(message: Publish) -> None:
        if "#" in message.topic:
            raise error
        home.publish(message)

    executor = Executor(home, publish, FUNCTIONS)
    (result,) = executor.settle([executor.send(Call("turn_on", {}, ("broken", "lamp")))])
    assert result.status is Status.FAILED
    assert str(error) in (result.error or "")
    assert home.states["lamp"] == {"power": "on"}


def test_worst_device_decides_and_the_error_names_only_those_that_fell_short() -> None:
    home = home_of(LAMP, device("Desk", id="desk"), device("Shelf", id="shelf"), silent=["desk"], offline=["shelf"])
    result = done(home, "turn_on", "lamp", "desk", "shelf")
    assert result.status is Status.FAILED
    assert result.error == "Desk did not report back; Shelf is offline"
    assert len(result.published) == 2


def test_of_two_commands_to_one_device_the_later_one_is_proved() -> None:
    home = home_of(LAMP)
    executor = Executor(home, home.publish, FUNCTIONS)
    sent = [executor.send(Call(name, {}, ("lamp",))) for name in ("turn_on", "turn_off")]
    assert [result.status for result in executor.settle(sent)] == [Status.VERIFIED, Status.VERIFIED]


def test_slow_kinds_get_more_time() -> None:
    home = home_of(LAMP, device("Door", "lock", id="door"))
    done(home, "turn_on", "lamp")
    done(home, "lock", "door")
    assert home.waited[0] < home.waited[1]


def test_steps_start_at_the_reported_state() -> None:
    home = home_of(LAMP)
    home.states["lamp"] = {"power": "on", "brightness": 40.0}
    done(home, "set_light", "lamp", brightness_step=-30)
    assert home.sent[-1].payload == b"brightness=10.0"
    done(home, "set_light", "lamp", brightness_step=-100)
    assert home.sent[-1].payload == b"brightness=1.0", "darker is not off"


def test_temperatures_of_a_fahrenheit_home_become_celsius() -> None:
    assert metric({"temperature": 68, "temperature_step": 9, "brightness": 5}, "F") == {
        "temperature": pytest.approx(20),
        "temperature_step": pytest.approx(5),
        "brightness": 5,
    }
    assert metric({"temperature": 20}, "C") == {"temperature": 20}
