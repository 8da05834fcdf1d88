"""The simulated home: two floors, eight areas, products as three producers announce them."""

from __future__ import annotations

from collections.abc import Iterator

from . import things
from .device import ON_OFF, Config, Simulated
from .esphome import esphome_products
from .lights import TopicLamp
from .zigbee import zigbee_products

HOME_TOML = """\
# What discovery cannot say about the simulated home.
unit = "C"

[[floor]]
name = "Ground Floor"
aliases = ["downstairs"]

[[floor]]
name = "First Floor"
aliases = ["upstairs"]

[[area]]
name = "Kitchen"
floor = "Ground Floor"

[[area]]
name = "Living Room"
floor = "Ground Floor"
aliases = ["lounge"]

[[area]]
name = "Hall"
floor = "Ground Floor"
aliases = ["entrance"]

[[area]]
name = "Garage"
floor = "Ground Floor"

[[area]]
name = "Bedroom"
floor = "First Floor"

[[area]]
name = "Bathroom"
floor = "First Floor"

[[area]]
name = "Office"
floor = "First Floor"
aliases = ["study"]

[[area]]
name = "Garden"

[[override]]
match = "Living Room Lamp"
aliases = ["reading lamp"]

[[override]]
match = "Robot"
name = "Vacuum"
aliases = ["robot", "hoover"]

[[device]]
id = "media_player.living_room_tv"
name = "TV"
kind = "media_player"
area = "Living Room"
aliases = ["television", "telly"]
command_topic = "av/living_room/command"
state_topic = "av/living_room/state"

[device.send]
power = { on = "on", off = "off" }
playback = { playing = "play", paused = "pause", stopped = "stop" }
volume = { payload = "volume {value}", max = 50 }
muted = { true = "mute", false = "unmute" }
next = "next"
previous = "previous"

[device.report]
power = "power"
playback = "playback"
volume = { key = "volume", max = 50 }
muted = "muted"
"""


def products() -> Iterator[Simulated]:
    """Every product of the home, in its first state."""
    yield from zigbee_products()
    yield from esphome_products()
    yield from _others()
    yield things.MediaPlayer("media_player.living_room_tv", "av/living_room")


def _others() -> Iterator[Simulated]:
    """Other producers: the default light schema below ``~``, the device form, a position-only cover, a valve."""
    for object_id, name, area, has in (
        ("bedroom_lamp", "Bedroom Lamp", "Bedroom", ("brightness", "rgb")),
        ("hall_light", "Hall Light", "Hall", ()),
    ):
        config: Config = {
            "~": f"lamps/{object_id}",
            "name": name,
            "uniq_id": object_id,
            "cmd_t": "~/set",
            "stat_t": "~/state",
        }
        config |= {"dev": {"ids": [object_id], "sa": area}}
        if "brightness" in has:
            config |= {"bri_cmd_t": "~/brightness/set", "bri_stat_t": "~/brightness"}
        if "rgb" in has:
            config |= {"rgb_cmd_t": "~/rgb/set", "rgb_stat_t": "~/rgb"}
        yield TopicLamp(
            f"light.{object_id}", f"homeassistant/light/{object_id}/config", config, f"lamps/{object_id}", has
        )
    config = {
        "name": "Office Shutter",
        "uniq_id": "office_shutter",
        "dev_cla": "shutter",
        "set_pos_t": "shutters/office/set",
        "pos_t": "shutters/office/position",
        "pos_open": 0,
        "pos_clsd": 100,
        "dev": {"ids": ["office_shutter"], "sa": "Office"},
    }
    topics = ("", "shutters/office/set", "", "shutters/office/position")
    yield things.Opening(
        "cover.office_shutter", "homeassistant/cover/office_shutter/config", config, topics, inverted=True
    )
    config = {
        "name": "Sprinkler",
        "uniq_id": "garden_sprinkler",
        "dev_cla": "water",
        "cmd_t": "garden/sprinkler/set",
        "stat_t": "garden/sprinkler/state",
        "dev": {"ids": ["garden_sprinkler"], "sa": "Garden"},
    }
    topics = ("garden/sprinkler/set", "", "garden/sprinkler/state", "")
    yield things.Opening("valve.garden_sprinkler", "homeassistant/valve/garden_sprinkler/config", config, topics)
    yield from _device_form()
    for object_id, name in (("movie_night", "Movie Night"), ("good_night", "Good Night")):
        config = {"name": name, "uniq_id": object_id, "cmd_t": f"scenes/{object_id}/set", "pl_on": "activate"}
        topic = f"homeassistant/scene/{object_id}/config"
        yield things.Pressed(f"scene.{object_id}", topic, config, f"scenes/{object_id}/set", "activate")


def _device_form() -> Iterator[Simulated]:
    """Several entities in one announcement: a robot with its battery, a siren that takes JSON."""
    robot: Config = {
        "dev": {"ids": ["robot01"], "name": "Robot", "mf": "Dreame", "sa": "Living Room"},
        "o": {"name": "Valetudo", "sw": "2025.06.0", "url": "https://valetudo.cloud"},
        "avty": [{"t": "valetudo/robot/$state"}],
        "pl_avail": "ready",
        "pl_not_avail": "lost",
        "cmps": {
            "vacuum": {
                "p": "vacuum",
                "name": None,
                "unique_id": "robot01",
                "command_topic": "valetudo/robot/BasicControlCapability/operation/set",
                "state_topic": "valetudo/robot/hass/state",
                "supported_features": ["start", "stop", "pause", "return_home", "battery", "status"],
            },
            "battery": {
                "p": "sensor",
                "name": "Battery",
                "unique_id": "robot01_battery",
                "device_class": "battery",
                "entity_category": "diagnostic",
                "unit_of_measurement": "%",
                "state_topic": "valetudo/robot/battery",
            },
        },
    }
    topics = ("valetudo/robot/BasicControlCapability/operation/set", "valetudo/robot/hass/state")
    vacuum = things.Vacuum("vacuum.robot01", "homeassistant/device/robot01/config", robot, topics)
    vacuum.availability = {"valetudo/robot/$state": ("ready", "lost")}
    yield vacuum
    yield things.Sensor(
        "sensor.robot01_battery", "", {}, [("valetudo/robot/battery", "100")], {"reading": 100, "battery": 100}
    )
    siren: Config = {
        "dev": {"ids": ["siren01"], "name": "Hall Siren", "sa": "Hall"},
        "o": {"name": "siren-bridge"},
        "cmps": {
            "siren": {
                "p": "siren",
                "name": None,
                "uniq_id": "hall_siren",
                "cmd_t": "siren/hall/set",
                "stat_t": "siren/hall",
            }
        },
    }
    topic = "homeassistant/device/siren01/config"
    yield things.Relay("siren.hall_siren", topic, siren, ("siren/hall/set", "siren/hall"), ON_OFF, key="state")
