"""Things that are switched or pressed: switch, siren, scene, button."""

from __future__ import annotations

import json
from collections.abc import Mapping

from edgeassist.conventions.driver import Change, Reader, unsupported
from edgeassist.conventions.payload import mapping, parse
from edgeassist.home.device import State
from edgeassist.home.match import toggled
from edgeassist.messages import Publish, Value

from .entity import Built, Entity, matched


def wanted_power(change: Change, state: State) -> Value:
    """``"on"`` or ``"off"``, from a wanted power or a toggle. Raises CommandError for anything else."""
    if change.get("do") == "toggle":
        return toggled("power", state, "on")
    if change.get("power") in {"on", "off"}:
        return change["power"]
    raise unsupported(change)


def light_power(change: Change, state: State) -> Value:
    """Whether the lamp shall be on: setting anything else than "off" switches it on, 0 % switches it off."""
    if "power" in change or "do" in change:
        return wanted_power(change, state)
    if not {"brightness", "color", "color_temp"} & set(change):
        raise unsupported(change)
    return "off" if change.get("brightness") == 0 else "on"


def power_readers(entity: Entity, *templates: str, topic: str = "state_topic") -> list[Reader]:
    """Power, from payloads that default to those of the commands."""
    on = entity.text("state_on", entity.text("payload_on", "ON"))
    off = entity.text("state_off", entity.text("payload_off", "OFF"))
    return entity.reader(topic, matched("power", {on: "on", off: "off"}), *templates)


def power_payload(entity: Entity, power: Value) -> str:
    return entity.text("payload_on", "ON") if power == "on" else entity.text("payload_off", "OFF")


def switch(entity: Entity) -> Built:
    def encode(change: Change, state: State) -> list[Publish]:
        return [entity.send("command_topic", power_payload(entity, wanted_power(change, state)), "command_template")]

    return Built(tuple(power_readers(entity, "value_template")), encode)


def siren(entity: Entity) -> Built:
    """A siren takes JSON unless it has a command template, and may report JSON or a plain payload."""
    plain = (
        entity.text("state_on", entity.text("payload_on", "ON")),
        entity.text("state_off", entity.text("payload_off", "OFF")),
    )

    def encode(change: Change, state: State) -> list[Publish]:
        power = wanted_power(change, state)
        payload = power_payload(entity, power)
        own = (
            "command_off_template" if power == "off" and entity.template("command_off_template") else "command_template"
        )
        if entity.template(own) is None:
            return [entity.send("command_topic", json.dumps({"state": payload}))]
        return [entity.send("command_topic", payload, own, state=payload)]

    def read(shown: str) -> Mapping[str, Value]:
        if shown.startswith("{"):
            shown = str(mapping(parse(shown)).get("state", ""))
        return matched("power", {plain[0]: "on", plain[1]: "off"})(shown)

    return Built(tuple(entity.reader("state_topic", read, "state_value_template", "value_template")), encode)


def scene(entity: Entity) -> Built:
    return _pressed(entity, entity.text("payload_on", "ON"))


def button(entity: Entity) -> Built:
    return _pressed(entity, entity.text("payload_press", "PRESS"))


def _pressed(entity: Entity, payload: str) -> Built:
    def encode(change: Change, _state: State) -> list[Publish]:
        if change.get("do") == "press" or change.get("power") == "on":
            return [entity.send("command_topic", payload, "command_template")]
        raise unsupported(change)

    return Built((), encode)
