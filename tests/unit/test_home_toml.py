from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist.conventions.plain import declared_device
from edgeassist.errors import CommandError, ConfigError
from edgeassist.functions import builtin_functions
from edgeassist.home import Device
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import DeviceEntry, HomeFile, load_home
from edgeassist.messages import Value
from edgeassist.simulate import SimulatedHome
from tests.support.discovery import driver_of, said, sent

DECLARED = """\
[[device]]
name = "Relay"
kind = "switch"
command_topic = "relay/set"
state_topic = "relay"

[[device]]
name = "Desk lamp"
kind = "light"
command_topic = "desk/set"
state_topic = "desk"
availability_topic = "desk/here"

[device.send]
power = { on = '{"on":true}', off = '{"on":false}' }
brightness = { payload = '{"bri":{value}}', max = 254 }
color = '{"rgb":[{red},{green},{blue}],"hex":"{hex}"}'
color_temp = '{"ct":{mired}}'

[device.report]
power = { key = "on", values = { on = "true", off = "false" } }
brightness = { key = "bri", max = 254 }
color = "rgb"

[[device]]
name = "Radio"
kind = "media_player"
risk = "low"
command_topic = "radio/cmd"

[device.send]
power = { on = "ON", off = "OFF" }
playback = { playing = "PLAY", paused = "PAUSE" }
volume = { topic = "radio/volume", payload = "{value}", max = 31 }
muted = { true = "M1", false = "M0" }
next = "NEXT"
previous = "PREV"
toggle = "TOG"

[device.report]
volume = { topic = "radio/volume/state", max = 31 }
muted = { topic = "radio/muted", values = { true = "M1", false = "M0" } }

[[device]]
name = "Rain"
kind = "sensor"
state_topic = "rain"
unit = "mm"

[[device]]
name = "All of it"
kind = "light"
members = ["Desk lamp"]
"""


@pytest.fixture
def devices(tmp_path: Path) -> dict[str, Device]:
    path = tmp_path / "home.toml"
    path.write_text(DECLARED)
    return {entry.name: declared_device(entry) for entry in load_home(path).device}


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("Relay", {"power": "on"}, [("relay/set", "ON")]),
        ("Relay", {"do": "toggle"}, [("relay/set", "ON")]),
        ("Desk lamp", {"brightness": 50}, [("desk/set", '{"bri":127}')]),
        ("Desk lamp", {"power": "off"}, [("desk/set", '{"on":false}')]),
        ("Desk lamp", {"color": (255, 0, 16)}, [("desk/set", '{"rgb":[255,0,16],"hex":"#ff0010"}')]),
        ("Desk lamp", {"color_temp": 4000}, [("desk/set", '{"ct":250}')]),
        ("Radio", {"volume": 50}, [("radio/volume", "16")]),
        ("Radio", {"muted": True}, [("radio/cmd", "M1")]),
        ("Radio", {"do": "next"}, [("radio/cmd", "NEXT")]),
        ("Radio", {"do": "toggle"}, [("radio/cmd", "TOG")]),
        ("Radio", {"playback": "playing"}, [("radio/cmd", "PLAY")]),
    ],
)
def test_declared_device_is_sent_its_payloads(
    devices: dict[str, Device], name: str, change: dict[str, Value], expected: list[tuple[str, str]]
) -> None:
    assert sent(devices[name], change) == expected


@pytest.mark.parametrize(
    ("name", "topic", "payload", "expected"),
    [
        ("Relay", "relay", "OFF", {"power": "off"}),
        (
            "Desk lamp",
            "desk",
            '{"on":true,"bri":127,"rgb":[1,2,3]}',
            {"power": "on", "brightness": 50, "color": (1, 2, 3)},
        ),
        ("Desk lamp", "desk/here", "offline", {"available": False}),
        ("Radio", "radio/volume/state", "31", {"volume": 100}),
        ("Radio", "radio/muted", "M0", {"muted": False}),
        ("Rain", "rain", "3.5", {"reading": 3.5}),
    ],
)
def test_declared_device_reports_are_read(
    devices: dict[str, Device], name: str, topic: str, payload: str, expected: dict[str, Value]
) -> None:
    assert said(devices[name], topic, payload) == expected


def test_capabilities_follow_from_what_can_be_sent(devices: dict[str, Device]) -> None:
    assert devices["Desk lamp"].capabilities == {"brightness", "color", "color_temp"}
    assert devices["Radio"].capabilities == {"volume", "playback"}


def test_own_of_the_kind_that_has_no_payload_is_lacking(devices: dict[str, Device]) -> None:
    player = {"name": "Box", "kind": "media_player", "command_topic": "box", "send": {"playback": {"playing": "P"}}}
    box = declared_device(DeviceEntry.model_validate(player))
    assert box.lacks == {"power"}
    offered = {
        function.name
        for function in builtin_functions().values()
        if any(function.suits(form, box) for form in function.forms)
    }
    assert {"media_play", "media_pause", "media_stop"} <= offered
    assert not offered & {"turn_on", "turn_off", "toggle", "set_volume"}
    assert not any(device.lacks for device in devices.values())


def test_value_without_a_payload_is_refused_and_the_known_ones_named(devices: dict[str, Device]) -> None:
    with pytest.raises(CommandError, match="playing, paused"):
        sent(devices["Radio"], {"playback": "stopped"})


def test_device_without_topics_is_known_but_has_no_driver(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text('[[device]]\nname = "Lamp"\nkind = "light"\n')
    (device,) = HomeRegistry([], load_home(path)).snapshot().devices
    assert (device.id, device.driver) == ("light.lamp", None)


def test_group_names_its_members_by_name(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text(DECLARED)
    home = HomeRegistry([], load_home(path)).snapshot()
    group = home.by_id["light.all_of_it"]
    assert group.members == ("light.desk_lamp",)
    assert group.capabilities == {"brightness", "color", "color_temp"}


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ('unit = "K"\n', [":1: unit = 'K'", "'C' or 'F'"]),
        ('\n\n[[device]]\nname = "x"\nkind = "lamp"\n', [":5: device[1].kind = 'lamp'", "light"]),
        ('[[device]]\nname = "x"\nkind = "lihgt"\n', ["did you mean 'light'"]),
        (
            '[[device]]\nname = "x"\nkind = "light"\n\ncomand_topic = "a"\n',
            [":5: device[1].comand_topic = 'a'", "Did you mean 'command_topic'"],
        ),
        ('[[area]]\nname = "a"\n[[area]]\nflor = "x"\n', [":4: area[2].flor", ":3: area[2].name: is missing"]),
        ('[[device]]\nname="x"\nkind="light"\ncommand_topic = "a/#"\n', [":4: device[1].command_topic = 'a/#'"]),
        (
            '[[device]]\nname="x"\nkind="light"\n[device.send]\npower = { on = 1 }\ncolour = "x"\n',
            [":5: device[1].send.power", ":6: device[1].send.colour"],
        ),
        (
            '[[device]]\nname="x"\nkind="light"\n[device.send]\npower = "x"\n',
            ["send without a topic", "add command_topic"],
        ),
        ('[[area]]\nname = "Attic"\nfloor = "Roof"\n', ["'Attic'", "'Roof'"]),
        ('[[area]]\nname = "Attic"\n[[area]]\nname = "attic"\n', ["'attic' is there twice"]),
        ("a = [1\n", ["not TOML"]),
        ('a = 1\nb = "\n', [":2", "not TOML"]),
        ('[[override]]\nmatch = "x"\nrisk = "none"\n', [":3: override[1].risk = 'none'"]),
        ('text = """\n[[device]]\n"""\n', [":1: text"]),
    ],
)
def test_error_names_line_key_value_and_hint(tmp_path: Path, source: str, parts: list[str]) -> None:
    path = tmp_path / "home.toml"
    path.write_text(source)
    with pytest.raises(ConfigError) as caught:
        load_home(path)
    for part in [str(path), *parts]:
        assert part in str(caught.value)


def test_missing_file_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load_home(tmp_path / "nowhere.toml")


def test_file_that_is_no_text_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_home(path)


def test_home_toml_of_the_simulated_home_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text(SimulatedHome.home_toml)
    home = load_home(path)
    assert [floor.name for floor in home.floor] == ["Ground Floor", "First Floor"]
    assert driver_of(declared_device(home.device[0])).state_topics == ("av/living_room/state",)


def test_empty_file_is_an_empty_home(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text("")
    assert load_home(path) == HomeFile()
