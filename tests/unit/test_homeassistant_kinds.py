from __future__ import annotations

import json

import pytest

from edgeassist.errors import CommandError
from edgeassist.messages import Value
from tests.support.discovery import attainable, devices_of, driver_of, entity, said, sent

OTHERS = devices_of("others")
ZIGBEE = devices_of("zigbee2mqtt_homeassistant")
ESPHOME = devices_of("esphome")
FORM = devices_of("device_form")


def test_switch_sends_its_own_payloads() -> None:
    device = entity("switch", command_topic="s/set", state_topic="s", payload_on="1", payload_off="0")
    assert sent(device, {"power": "on"}) == [("s/set", "1")]
    assert sent(device, {"power": "off"}) == [("s/set", "0")]
    assert said(device, "s", "1") == {"power": "on"}


def test_switch_with_other_states_than_commands_reads_its_states() -> None:
    device = entity("switch", command_topic="s/set", state_topic="s", state_on="active", state_off="idle")
    assert said(device, "s", "active") == {"power": "on"}
    assert said(device, "s", "ON") == {}


@pytest.mark.parametrize(("state", "expected"), [({"power": "on"}, "OFF"), ({"power": "off"}, "ON"), ({}, "ON")])
def test_toggle_sends_the_opposite_of_the_state(state: dict[str, Value], expected: str) -> None:
    assert sent(entity("switch", command_topic="s/set"), {"do": "toggle"}, state) == [("s/set", expected)]


def test_command_template_makes_the_payload() -> None:
    device = entity("switch", command_topic="s/set", command_template='{"relay": "{{ value | lower }}"}')
    assert sent(device, {"power": "on"}) == [("s/set", '{"relay": "on"}')]


def test_command_template_that_fails_is_a_command_error() -> None:
    device = entity("switch", command_topic="s/set", command_template="{{ value | float }}")
    with pytest.raises(CommandError, match="description"):
        sent(device, {"power": "on"})


def test_device_without_command_topic_cannot_be_commanded() -> None:
    with pytest.raises(CommandError, match="no topic"):
        sent(entity("switch", state_topic="s"), {"power": "on"})


def test_sensor_cannot_be_commanded() -> None:
    with pytest.raises(CommandError, match="only reports"):
        sent(entity("sensor", state_topic="s"), {"power": "on"})


def test_zigbee_light_is_sent_json_on_its_scale() -> None:
    topic, payload = sent(ZIGBEE["lamp"], {"brightness": 40, "color_temp": 2700})[0]
    assert topic == "zigbee2mqtt/living_room/lamp/set"
    assert json.loads(payload) == {"state": "ON", "brightness": 102, "color_temp": 370}


def test_json_light_that_is_switched_off_is_sent_nothing_else() -> None:
    assert json.loads(sent(ZIGBEE["LED strip"], {"power": "off", "brightness": 40})[0][1]) == {"state": "OFF"}
    assert json.loads(sent(ZIGBEE["LED strip"], {"brightness": 0})[0][1]) == {"state": "OFF"}


@pytest.mark.parametrize(
    ("name", "color"),
    [
        ("lamp", {"x": 0.6401, "y": 0.33}),
        ("LED strip", {"h": 0, "s": 100}),
    ],
)
def test_json_light_gets_colours_in_its_own_form(name: str, color: dict[str, float]) -> None:
    assert json.loads(sent(ZIGBEE[name], {"color": (255, 0, 0)})[0][1])["color"] == color


def test_esphome_light_gets_rgb() -> None:
    wanted = json.loads(sent(ESPHOME["hall-node Hall light"], {"color": (1, 2, 3)})[0][1])
    assert wanted["color"] == {"r": 1, "g": 2, "b": 3}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"state": "ON", "brightness": 127}, {"power": "on", "brightness": 50}),
        ({"state": "OFF"}, {"power": "off"}),
        ({"brightness": 1}, {"brightness": 1}),
        ({"color_mode": "color_temp", "color_temp": 370, "color": {"x": 0.4, "y": 0.4}}, {"color_temp": 2703}),
        ({"color_mode": "xy", "color_temp": 370, "color": {"x": 0.6401, "y": 0.33}}, {"color": (255, 0, 0)}),
        ({"color": {"hue": 240, "saturation": 100}}, {"color": (0, 0, 255)}),
        ({"linkquality": 90}, {}),
        ({"state": None, "brightness": None}, {}),
    ],
)
def test_json_light_reports_are_read(report: dict[str, object], expected: dict[str, object]) -> None:
    assert said(ZIGBEE["lamp"], "zigbee2mqtt/living_room/lamp", json.dumps(report)) == expected


def test_json_light_refuses_what_it_cannot_do() -> None:
    with pytest.raises(CommandError, match="brightness"):
        sent(ZIGBEE["Closet"], {"brightness": 50})


def test_default_light_sends_properties_before_it_switches_on() -> None:
    device = entity("light", command_topic="l/set", brightness_command_topic="l/bri", rgb_command_topic="l/rgb")
    assert sent(device, {"brightness": 100, "color": (255, 128, 0)}) == [
        ("l/rgb", "255,128,0"),
        ("l/bri", "255"),
        ("l/set", "ON"),
    ]


@pytest.mark.parametrize(
    ("on_command_type", "expected"),
    [
        ("first", [("l/set", "ON"), ("l/bri", "128")]),
        ("last", [("l/bri", "128"), ("l/set", "ON")]),
        ("brightness", [("l/bri", "128")]),
    ],
)
def test_default_light_honours_on_command_type(on_command_type: str, expected: list[tuple[str, str]]) -> None:
    device = entity("light", command_topic="l/set", brightness_command_topic="l/bri", on_command_type=on_command_type)
    assert sent(device, {"power": "on", "brightness": 50}) == expected


def test_light_switched_by_brightness_goes_back_to_its_last() -> None:
    assert sent(OTHERS["WLED"], {"power": "on"}, {"brightness": 40}) == [("wled/a1b2c3", "102")]
    assert sent(OTHERS["WLED"], {"power": "off"}) == [("wled/a1b2c3", "OFF")]


def test_default_light_has_its_own_brightness_scale_and_mired() -> None:
    lamp = OTHERS["Kelvin lamp"]
    assert sent(lamp, {"brightness": 37}) == [("obk0C3D/led_dimmer/set", "37"), ("obk0C3D/led_enableAll/set", "1")]
    assert sent(lamp, {"color_temp": 4000})[0] == ("obk0C3D/led_temperature/set", "250")
    assert said(lamp, "obk0C3D/led_temperature/get", "250") == {"color_temp": 4000}
    assert said(lamp, "obk0C3D/led_dimmer/get", "37") == {"brightness": 37}


def test_light_in_kelvin_gets_kelvin() -> None:
    assert sent(OTHERS["HS lamp"], {"color_temp": 3000})[0] == ("hs/ct/set", "3000")
    assert said(OTHERS["HS lamp"], "hs/ct", "3000") == {"color_temp": 3000}


def test_hs_light_gets_hue_and_saturation() -> None:
    assert sent(OTHERS["HS lamp"], {"color": (0, 255, 0)})[0] == ("hs/hs/set", "120.0,100.0")
    assert said(OTHERS["HS lamp"], "hs/hs", "120,100") == {"color": (0, 255, 0)}


def test_rgb_light_without_brightness_topic_carries_it_in_the_colour() -> None:
    device = entity("light", command_topic="l/set", rgb_command_topic="l/rgb", rgb_state_topic="l/rgb/state")
    assert "brightness" in device.capabilities
    assert sent(device, {"brightness": 50}, {"color": (255, 0, 0)})[0] == ("l/rgb", "128,0,0")
    assert said(device, "l/rgb/state", "128,0,0") == {"brightness": 50, "color": (255, 0, 0)}


def test_rgb_command_template_sees_the_channels() -> None:
    assert sent(OTHERS["WLED"], {"color": (9, 8, 7)}, {"brightness": 10})[0] == ("wled/a1b2c3/col", "9,8,7")


def test_template_light_makes_and_reads_whole_payloads() -> None:
    lamp = OTHERS["Template lamp"]
    assert sent(lamp, {"brightness": 100, "color": (1, 2, 3)}) == [("tpl/set", "on,255,1-2-3")]
    assert sent(lamp, {"power": "off"}) == [("tpl/set", "off")]
    assert said(lamp, "tpl", "on,255,1-2-3") == {"power": "on", "brightness": 100, "color": (1, 2, 3)}


@pytest.mark.parametrize(
    ("percent", "speed", "reported"), [(1, "1", 33), (33, "1", 33), (50, "2", 66), (67, "3", 100), (100, "3", 100)]
)
def test_fan_with_three_speeds_rounds_up_and_says_what_it_will_report(percent: int, speed: str, reported: int) -> None:
    fan = ESPHOME["hall-node Ventilator"]
    assert sent(fan, {"percentage": percent}, {"power": "on"}) == [
        ("hall-node/fan/ventilator/speed_level/command", speed)
    ]
    assert said(fan, "hall-node/fan/ventilator/speed_level/state", speed) == {"percentage": reported}
    assert attainable(fan, {"percentage": percent}) == {"percentage": reported}


def test_zigbee_fan_speed_goes_through_its_templates() -> None:
    fan = ZIGBEE["Ceiling fan"]
    assert sent(fan, {"percentage": 60}, {"power": "on"}) == [("zigbee2mqtt/Ceiling fan/set/fan_mode", "medium")]
    assert said(fan, "zigbee2mqtt/Ceiling fan", '{"fan_state":"ON","fan_mode":"high"}') == {
        "power": "on",
        "percentage": 100,
    }


def test_fan_at_no_percent_is_switched_off() -> None:
    assert sent(OTHERS["Purifier"], {"percentage": 0}) == [("pur/set", "OFF")]


def test_cover_opens_closes_and_stops() -> None:
    cover = OTHERS["Terrace awning"]
    assert sent(cover, {"opening": "open"}) == [("somfy/set", "U")]
    assert sent(cover, {"opening": "closed"}) == [("somfy/set", "D")]
    assert sent(cover, {"do": "stop"}) == [("somfy/set", "M")]
    with pytest.raises(CommandError, match="position 50"):
        sent(cover, {"position": 50})


def test_inverted_cover_without_commands_is_driven_by_position() -> None:
    cover = OTHERS["Inverted blind"]
    assert sent(cover, {"opening": "open"}) == [("inv/set", "0")]
    assert sent(cover, {"position": 30}) == [("inv/set", "70")]
    assert said(cover, "inv/pos", "70") == {"position": 30, "opening": "open"}
    assert said(cover, "inv/pos", "100") == {"position": 0, "opening": "closed"}


def test_cover_without_stop_payload_does_not_offer_stop() -> None:
    cover = entity("cover", command_topic="c/set", payload_stop=None)
    assert "stop" not in cover.capabilities
    with pytest.raises(CommandError, match="stop"):
        sent(cover, {"do": "stop"})


def test_zigbee_cover_position_goes_through_its_template() -> None:
    assert sent(ZIGBEE["Bedroom curtain"], {"position": 40}) == [
        ("zigbee2mqtt/Bedroom curtain/set", '{ "position": 40 }')
    ]


def test_stopped_cover_is_open_or_closed_by_its_position() -> None:
    cover = ZIGBEE["Roller"]
    topic = "zigbee2mqtt/Roller"
    assert said(cover, topic, '{"motor_state":"UP","position":10}') == {"position": 10, "opening": "opening"}
    assert said(cover, topic, '{"motor_state":"STOP","position":100}') == {"position": 100, "opening": "open"}
    assert said(cover, topic, '{"motor_state":"STOP","position":0}') == {"position": 0, "opening": "closed"}


def test_valve_by_state_takes_words() -> None:
    valve = OTHERS["Gas valve"]
    assert sent(valve, {"opening": "open"}) == [("gas/set", "OPEN")]
    assert said(valve, "gas", "closed") == {"opening": "closed"}
    assert said(valve, "gas", '{"state": "opening"}') == {"opening": "opening"}


def test_valve_by_position_takes_numbers() -> None:
    valve = ESPHOME["garden Drip valve"]
    assert sent(valve, {"opening": "open"}) == [("garden/valve/valve/command", "100")]
    assert sent(valve, {"position": 25}) == [("garden/valve/valve/command", "25")]
    assert sent(valve, {"do": "stop"}) == [("garden/valve/valve/command", "STOP")]
    assert said(valve, "garden/valve/valve/state", '{"state":"opening","position":10}') == {
        "position": 10,
        "opening": "opening",
    }
    assert said(valve, "garden/valve/valve/state", "0") == {"position": 0, "opening": "closed"}


def test_lock_has_its_own_words() -> None:
    lock = OTHERS["Nuki"]
    assert sent(lock, {"lock": "unlocked"}) == [("nuki/123/lockAction", "unlock")]
    assert said(lock, "nuki/123/state", "motorBlocked") == {"lock": "jammed"}
    assert said(lock, "nuki/123/state", "locking") == {}


def test_lock_with_code_format_wants_a_code() -> None:
    with pytest.raises(CommandError, match="code"):
        sent(OTHERS["Safe"], {"lock": "unlocked"})
    assert sent(OTHERS["Safe"], {"lock": "unlocked", "code": "1234"}) == [
        ("safe/set", '{"action":"UNLOCK","code":"1234"}')
    ]


def test_alarm_is_armed_by_mode_and_by_power() -> None:
    alarm = OTHERS["Ring Alarm"]
    assert sent(alarm, {"armed": "armed_home"}) == [("ring/1/alarm/command", "ARM_HOME")]
    assert sent(alarm, {"power": "on"}) == [("ring/1/alarm/command", "ARM_AWAY")]
    assert sent(alarm, {"armed": "disarmed"}) == [("ring/1/alarm/command", "DISARM")]
    assert said(alarm, "ring/1/alarm/state", "armed_night") == {"armed": "armed_night", "power": "on"}


def test_alarm_with_code_wants_it() -> None:
    with pytest.raises(CommandError, match="code"):
        sent(OTHERS["Vault"], {"armed": "disarmed"})
    assert sent(OTHERS["Vault"], {"armed": "disarmed", "code": "7"}) == [
        ("vault/set", '{"action":"DISARM","code":"7"}')
    ]


def test_climate_sets_temperature_on_its_step() -> None:
    radiator = ZIGBEE["Radiator"]
    assert sent(radiator, {"temperature": 21.3}) == [("zigbee2mqtt/Radiator/set/occupied_heating_setpoint", "21.5")]
    assert sent(radiator, {"temperature": 22.0}) == [("zigbee2mqtt/Radiator/set/occupied_heating_setpoint", "22")]
    assert attainable(radiator, {"temperature": 21.3}) == {"temperature": 21.5}


def test_climate_outside_of_its_range_is_refused() -> None:
    with pytest.raises(CommandError, match=r"5\.0 to 30\.0"):
        sent(ZIGBEE["Radiator"], {"temperature": 35})


def test_climate_reports_are_read_and_action_template_does_no_harm() -> None:
    report = '{"local_temperature":19.5,"occupied_heating_setpoint":21,"system_mode":"heat","running_state":"heat"}'
    expected = {"mode": "heat", "power": "on", "temperature": 21.0, "current_temperature": 19.5}
    assert said(ZIGBEE["Radiator"], "zigbee2mqtt/Radiator", report) == expected


def test_climate_in_fahrenheit_is_spoken_to_in_fahrenheit() -> None:
    nest = OTHERS["Nest"]
    assert sent(nest, {"temperature": 20}) == [("nest/t/set", "68")]
    assert said(nest, "nest/t", "68") == {"temperature": 20.0}
    assert sent(nest, {"power": "off"}) == [("nest/power/set", "OFF")]


def test_climate_without_unit_has_that_of_the_home() -> None:
    device = entity("climate", unit="F", temperature_command_topic="t/set", temperature_state_topic="t")
    assert sent(device, {"temperature": 20}) == [("t/set", "68")]


@pytest.mark.parametrize(("power", "mode"), [("on", "auto"), ("off", "off")])
def test_climate_without_power_topic_is_switched_by_its_mode(power: str, mode: str) -> None:
    assert sent(OTHERS["Heating"], {"power": power}) == [("ems/thermostat/hc1/mode", mode)]


def test_climate_refuses_a_mode_that_it_lacks() -> None:
    with pytest.raises(CommandError, match="mode cool"):
        sent(OTHERS["Heating"], {"mode": "cool"})


@pytest.mark.parametrize(
    ("change", "payload"),
    [
        ({"activity": "cleaning"}, "START"),
        ({"activity": "docked"}, "HOME"),
        ({"activity": "paused"}, "PAUSE"),
        ({"do": "stop"}, "STOP"),
        ({"power": "on"}, "START"),
    ],
)
def test_vacuum_takes_its_payloads(change: dict[str, Value], payload: str) -> None:
    assert sent(FORM["Robot"], change) == [("valetudo/robot/hass/command", payload)]


def test_vacuum_reports_activity_and_battery() -> None:
    report = '{"state":"returning","battery_level":61,"fan_speed":"max"}'
    assert said(FORM["Robot"], "valetudo/robot/hass/state", report) == {"activity": "returning", "battery": 61.0}


def test_lawn_mower_starts_and_docks() -> None:
    mower = FORM["Mower"]
    assert sent(mower, {"activity": "cleaning"}) == [("mower/1/cmd", '{"action":"start_mowing"}')]
    assert sent(mower, {"activity": "docked"}) == [("mower/1/cmd", '{"action":"dock"}')]
    assert said(mower, "mower/1/activity", '{"activity":"mowing"}') == {"activity": "mowing"}


def test_humidifier_sets_humidity_and_mode() -> None:
    humidifier = FORM["Bathroom Humidifier"]
    assert sent(humidifier, {"humidity": 50}) == [("bath/h/target/set", "50")]
    assert sent(humidifier, {"mode": "eco"}) == [("bath/h/mode/set", "eco")]
    assert sent(humidifier, {"power": "on"}) == [("bath/h/set", "ON")]
    with pytest.raises(CommandError, match=r"30\.0 to 80\.0"):
        sent(humidifier, {"humidity": 90})


def test_siren_without_template_takes_json() -> None:
    siren = entity("siren", command_topic="s/set", state_topic="s")
    assert sent(siren, {"power": "on"}) == [("s/set", '{"state": "ON"}')]
    assert said(siren, "s", '{"state":"OFF","tone":"bell"}') == {"power": "off"}
    assert said(siren, "s", "ON") == {"power": "on"}


def test_siren_with_template_takes_what_it_makes() -> None:
    assert sent(OTHERS["Plain siren"], {"power": "off"}) == [("siren/set", "OFF")]
    payload = sent(ZIGBEE["Alarm"], {"power": "on"})[0][1]
    assert json.loads(payload)["warning"]["mode"] == "emergency"


def test_scene_and_button_are_pressed() -> None:
    assert sent(OTHERS["Party"], {"do": "press"}) == [("scene/set", "party")]
    assert sent(OTHERS["Ring bell"], {"do": "press"}) == [("bell/set", '{"do":"ding"}')]
    with pytest.raises(CommandError):
        sent(OTHERS["Party"], {"power": "off"})


@pytest.mark.parametrize(("payload", "reading"), [("21.5", 21.5), ("7", 7), ("cloudy", "cloudy"), ("NaN", "NaN")])
def test_sensor_reads_numbers_and_words(payload: str, reading: Value) -> None:
    assert said(entity("sensor", state_topic="s"), "s", payload) == {"reading": reading}


def test_battery_sensor_is_also_a_battery() -> None:
    assert said(ZIGBEE["Window Battery"], "zigbee2mqtt/Window", '{"battery":87}') == {"reading": 87, "battery": 87}


def test_binary_sensor_with_inverted_payloads_is_read() -> None:
    assert said(ZIGBEE["Window"], "zigbee2mqtt/Window", '{"contact":false}') == {"contact": "on"}
    assert said(ZIGBEE["Window"], "zigbee2mqtt/Window", '{"contact":true}') == {"contact": "off"}


def test_message_without_the_value_says_nothing() -> None:
    assert said(ZIGBEE["Window"], "zigbee2mqtt/Window", '{"voltage":3000}') == {}


def test_reset_payload_says_nothing() -> None:
    assert said(OTHERS["Nuki"], "nuki/123/state", "None") == {}


def test_unreadable_report_is_a_value_error() -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        driver_of(OTHERS["Kelvin lamp"]).decode("obk0C3D/led_dimmer/get", b"\xff")
