from __future__ import annotations

import json

import pytest

from edgeassist.conventions.tasmota import Tasmota
from edgeassist.errors import CommandError
from edgeassist.messages import Value
from tests.support.discovery import devices_of, driver_of, said, sent

DEVICES = devices_of("tasmota")


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("Kettle", {"power": "on"}, [("cmnd/tasmota_000001/POWER1", "ON")]),
        ("Right socket", {"power": "off"}, [("cmnd/tasmota_000002/POWER2", "OFF")]),
        ("Bulb", {"brightness": 40}, [("cmnd/tasmota_000003/Dimmer", "40")]),
        (
            "Bulb",
            {"color_temp": 4000, "brightness": 10},
            [("cmnd/tasmota_000003/CT", "250"), ("cmnd/tasmota_000003/Dimmer", "10")],
        ),
        (
            "RGB",
            {"color": (0, 255, 0)},
            [
                ("home/tasmota_000010/cmnd/HSBColor1", "120"),
                ("home/tasmota_000010/cmnd/HSBColor2", "100"),
                ("home/tasmota_000010/cmnd/POWER1", "ON"),
            ],
        ),
        ("White", {"brightness": 30}, [("cmnd/tasmota_000011/Dimmer2", "30")]),
        ("Blind", {"opening": "open"}, [("cmnd/tasmota_000005/ShutterOpen1", "")]),
        ("Blind", {"position": 30}, [("cmnd/tasmota_000005/ShutterPosition1", "30")]),
        ("Awning", {"position": 30}, [("cmnd/tasmota_000006/ShutterPosition1", "70")]),
        ("Blind", {"do": "stop"}, [("cmnd/tasmota_000005/ShutterStop1", "")]),
        ("iFan fan", {"percentage": 50}, [("cmnd/tasmota_000007/FanSpeed", "2")]),
        ("iFan fan", {"power": "off"}, [("cmnd/tasmota_000007/FanSpeed", "0")]),
        ("iFan light", {"power": "on"}, [("cmnd/tasmota_000007/POWER1", "ON")]),
    ],
)
def test_command_is_a_tasmota_command(name: str, change: dict[str, Value], expected: list[tuple[str, str]]) -> None:
    assert sent(DEVICES[name], change) == expected


@pytest.mark.parametrize(
    ("name", "topic", "report", "expected"),
    [
        ("Kettle", "stat/tasmota_000001/RESULT", {"POWER": "ON"}, {"power": "on"}),
        ("Left socket", "tele/tasmota_000002/STATE", {"POWER1": "OFF", "POWER2": "ON"}, {"power": "off"}),
        ("Right socket", "tele/tasmota_000002/STATE", {"POWER1": "OFF", "POWER2": "ON"}, {"power": "on"}),
        (
            "Bulb",
            "stat/tasmota_000003/RESULT",
            {"POWER": "ON", "Dimmer": 40, "HSBColor": "240,100,40", "CT": 250},
            {"power": "on", "brightness": 40, "color": (0, 0, 255), "color_temp": 4000},
        ),
        (
            "Blind",
            "stat/tasmota_000005/RESULT",
            {"Shutter1": {"Position": 40, "Direction": 1}},
            {"position": 40, "opening": "opening"},
        ),
        (
            "Awning",
            "stat/tasmota_000006/RESULT",
            {"Shutter1": {"Position": 100, "Direction": 0}},
            {"position": 0, "opening": "closed"},
        ),
        ("iFan fan", "stat/tasmota_000007/RESULT", {"FanSpeed": 2}, {"power": "on", "percentage": 67}),
        ("Kettle", "tele/tasmota_000001/STATE", {"Uptime": "1"}, {}),
    ],
)
def test_report_is_read(name: str, topic: str, report: dict[str, object], expected: dict[str, object]) -> None:
    assert said(DEVICES[name], topic, json.dumps(report)) == expected


def test_last_will_is_availability() -> None:
    assert said(DEVICES["Kettle"], "tele/tasmota_000001/LWT", "Offline") == {"available": False}
    assert said(DEVICES["Kettle"], "tele/tasmota_000001/LWT", "Online") == {"available": True}


def test_white_lamp_has_no_colour() -> None:
    with pytest.raises(CommandError):
        sent(DEVICES["White tunable"], {"color": (1, 2, 3)})


def test_fan_reports_the_speed_that_it_says_it_will() -> None:
    driver = driver_of(DEVICES["iFan fan"])
    for percentage in range(1, 101):
        ((_, speed),) = sent(DEVICES["iFan fan"], {"percentage": percentage})
        reported = said(DEVICES["iFan fan"], "stat/tasmota_000007/RESULT", json.dumps({"FanSpeed": int(speed)}))
        assert getattr(driver, "attainable")({"percentage": percentage})["percentage"] == reported["percentage"]  # noqa: B009


@pytest.mark.parametrize(
    "payload", [b"[]", b"{}", b'{"mac":"A","dn":"x","t":"a/#"}', b'{"mac":"A","dn":"x","t":"a","tp":["c"]}', b"\x00"]
)
def test_unreadable_announcement_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Tasmota().read("tasmota/discovery/A/config", payload + b" ")
