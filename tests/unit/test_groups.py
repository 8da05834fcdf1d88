"""As few messages as possible: groups that cover what was meant."""

from __future__ import annotations

import json

from edgeassist.conventions import load
from edgeassist.execute import Executor
from edgeassist.functions import builtin_functions
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import HomeFile, OverrideEntry
from edgeassist.messages import Call, Publish, Status


def lamp(number: int, *, dimmable: bool = True) -> dict[str, object]:
    features = [
        {"type": "binary", "name": "state", "property": "state", "access": 7, "value_on": "ON", "value_off": "OFF"}
    ]
    if dimmable:
        features.append(
            {
                "type": "numeric",
                "name": "brightness",
                "property": "brightness",
                "access": 7,
                "value_min": 0,
                "value_max": 254,
            }
        )
    return {
        "ieee_address": f"0x000{number}",
        "friendly_name": f"Lamp {number}",
        "type": "Router",
        "definition": {"exposes": [{"type": "light", "features": features}]},
    }


def group(number: int, name: str, *members: int) -> dict[str, object]:
    listed = [{"ieee_address": f"0x000{member}", "endpoint": 1} for member in members]
    return {"id": number, "friendly_name": name, "members": listed}


class Home:
    def __init__(self, *groups: dict[str, object], override: tuple[OverrideEntry, ...] = ()) -> None:
        self.registry = HomeRegistry(load(), HomeFile(override=override))
        lamps = [lamp(number) for number in (1, 2, 3)]
        self.registry.announce("zigbee2mqtt/bridge/devices", json.dumps(lamps).encode())
        self.registry.announce("zigbee2mqtt/bridge/groups", json.dumps(groups).encode())
        self.sent: list[Publish] = []
        self.executor = Executor(self.registry, self.sent.append, builtin_functions())

    def command(self, name: str, *devices: str, **arguments: object) -> list[str]:
        ids = {device.name: device.id for device in self.registry.snapshot().devices}
        self.sent.clear()
        call = Call(name, arguments, tuple(ids[device] for device in devices))
        self.errands = self.executor.send(call)
        return [message.topic for message in self.sent]


def test_group_that_covers_the_targets_takes_one_message() -> None:
    home = Home(group(1, "Both", 1, 2))
    assert home.command("turn_on", "Lamp 1", "Lamp 2") == ["zigbee2mqtt/Both/set"]
    assert {errand.device.name for errand in home.errands.errands} == {"Lamp 1", "Lamp 2"}
    assert all(errand.provable for errand in home.errands.errands)


def test_largest_group_is_used_and_the_rest_is_told_one_by_one() -> None:
    home = Home(group(1, "Both", 1, 2))
    assert home.command("turn_off", "Lamp 1", "Lamp 2", "Lamp 3") == ["zigbee2mqtt/Both/set", "zigbee2mqtt/Lamp 3/set"]


def test_group_among_its_members_is_not_commanded_besides() -> None:
    home = Home(group(1, "Both", 1, 2))
    assert home.command("turn_off", "Both", "Lamp 1", "Lamp 2") == ["zigbee2mqtt/Both/set"]


def test_group_with_a_member_that_was_not_meant_is_not_used() -> None:
    home = Home(group(1, "All three", 1, 2, 3))
    assert home.command("turn_on", "Lamp 1", "Lamp 2") == ["zigbee2mqtt/Lamp 1/set", "zigbee2mqtt/Lamp 2/set"]


def test_group_with_an_excluded_member_is_not_used() -> None:
    home = Home(group(1, "All three", 1, 2, 3), override=(OverrideEntry(match="Lamp 3", exclude=True),))
    assert home.command("turn_on", "Lamp 1", "Lamp 2") == ["zigbee2mqtt/Lamp 1/set", "zigbee2mqtt/Lamp 2/set"]


def test_steps_from_different_states_are_told_one_by_one() -> None:
    home = Home(group(1, "Both", 1, 2))
    home.registry.report("zigbee2mqtt/Lamp 1", b'{"state": "ON", "brightness": 254}')
    home.registry.report("zigbee2mqtt/Lamp 2", b'{"state": "ON", "brightness": 25}')
    assert len(home.command("set_light", "Lamp 1", "Lamp 2", brightness_step=-20)) == 2


def test_group_with_an_offline_member_is_not_used_and_the_member_is_reported() -> None:
    home = Home(group(1, "Both", 1, 2))
    home.registry.report("zigbee2mqtt/Lamp 2/availability", b'{"state": "offline"}')
    assert home.command("turn_on", "Lamp 1", "Lamp 2") == ["zigbee2mqtt/Lamp 1/set"]
    assert [errand.error for errand in home.errands.errands] == [None, "Lamp 2 is offline"]


def test_members_prove_what_the_group_was_told() -> None:
    home = Home(group(1, "Both", 1, 2))
    home.command("turn_on", "Lamp 1", "Lamp 2")
    for number in (1, 2):
        home.registry.report(f"zigbee2mqtt/Lamp {number}", b'{"state": "ON"}')
    (result,) = home.executor.settle([home.errands])
    assert result.status is Status.VERIFIED
    assert len(result.published) == 1


def test_devices_that_have_not_reported_are_asked_and_others_are_not() -> None:
    home = Home()
    home.registry.report("zigbee2mqtt/Lamp 1", b'{"state": "ON"}')
    home.registry.report("zigbee2mqtt/Lamp 2/availability", b'{"state": "offline"}')
    assert [(query.topic, query.payload) for query in home.registry.queries()] == [
        ("zigbee2mqtt/Lamp 3/get", b'{"state": ""}')
    ]
