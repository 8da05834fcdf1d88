"""Covers and valves: open, closed, and somewhere between."""

from __future__ import annotations

from collections.abc import Mapping

from edgeassist.conventions.driver import Change, Reader, unsupported
from edgeassist.conventions.payload import mapping, number, parse
from edgeassist.conventions.units import clamp, percent
from edgeassist.home.device import State
from edgeassist.home.match import toggled
from edgeassist.messages import Publish, Value

from .entity import Built, Entity, through


def cover(entity: Entity) -> Built:
    driver = _Cover(entity)
    capabilities = []
    if entity.topic("set_position_topic"):
        capabilities.append("position")
    if entity.topic("command_topic") and entity.optional("payload_stop", "STOP") is not None:
        capabilities.append("stop")
    return Built(tuple(driver.readers()), driver.encode, capabilities)


def valve(entity: Entity) -> Built:
    driver = _Valve(entity)
    capabilities = ["position"] if driver.by_position else []
    if entity.optional("payload_stop", None) is not None:
        capabilities.append("stop")
    return Built(tuple(driver.readers()), driver.encode, capabilities)


class _Opening:
    """What covers and valves share. Remembers the last position: "stopped" alone does not say whether it is open."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.open = entity.number("position_open", 100)
        self.closed = entity.number("position_closed", 0)
        self.position: float | None = None
        self.opening: Value = "open"

    def encode(self, change: Change, state: State) -> list[Publish]:
        if change.get("do") == "stop":
            return [self.command("payload_stop")]
        if change.get("do") == "toggle":
            change = {"opening": toggled("opening", state, "open")}
        if "position" in change:
            return [self.go_to(clamp(number(change["position"]), 0, 100))]
        wanted = change.get("opening", {"on": "open", "off": "closed"}.get(str(change.get("power"))))
        if wanted not in {"open", "closed"}:
            raise unsupported(change)
        return [self.move(wanted == "open")]

    def move(self, opens: bool) -> Publish:
        return self.command("payload_open" if opens else "payload_close")

    def go_to(self, position: float) -> Publish:
        raise NotImplementedError

    def command(self, key: str) -> Publish:
        defaults = {"payload_open": "OPEN", "payload_close": "CLOSE", "payload_stop": self.default_stop}
        payload = self.entity.optional(key, defaults[key])
        if payload is None:
            raise unsupported({"do": key.removeprefix("payload_")})
        return self.entity.send("command_topic", payload, "command_template")

    default_stop: str | None = "STOP"

    def device_position(self, position: float) -> int:
        return round(self.closed + position / 100 * (self.open - self.closed))

    def read_position(self, shown: str) -> dict[str, Value]:
        self.position = percent(shown, self.closed, self.open)
        return {"position": self.position}

    def read_state(self, shown: str) -> Mapping[str, Value]:
        states = {
            self.entity.text(f"state_{state}", state): state for state in ("open", "closed", "opening", "closing")
        }
        if shown == self.entity.text("state_stopped", "stopped"):
            return {"opening": self._at_rest()}
        if shown not in states:
            return {}
        self.opening = states[shown]
        return {"opening": self.opening}

    def _at_rest(self) -> Value:
        if self.position is not None:
            return "closed" if self.position == 0 else "open"
        return "closed" if self.opening in {"closing", "closed"} else "open"


class _Cover(_Opening):
    def readers(self) -> list[Reader]:
        entity = self.entity
        # The position first: a state on the same topic that says "stopped" depends on it.
        readers = entity.reader("position_topic", self._read_position, "position_template", "value_template")
        return readers + entity.reader("state_topic", self.read_state, "value_template")

    def _read_position(self, shown: str) -> Mapping[str, Value]:
        found = self.read_position(shown)
        if self.entity.subscription("state_topic") is None:
            found["opening"] = self._at_rest()
        return found

    def move(self, opens: bool) -> Publish:
        if self.entity.topic("command_topic") is None:
            return self.go_to(100 if opens else 0)
        return super().move(opens)

    def go_to(self, position: float) -> Publish:
        entity = self.entity
        if entity.topic("set_position_topic") is None:
            if position not in {0, 100}:
                raise unsupported({"position": position})
            return super().move(position == 100)
        return entity.send(
            "set_position_topic",
            self.device_position(position),
            "set_position_template",
            position=round(position),
            position_open=round(self.open),
            position_closed=round(self.closed),
        )


class _Valve(_Opening):
    default_stop = None

    def __init__(self, entity: Entity) -> None:
        super().__init__(entity)
        self.by_position = entity.flag("reports_position")

    def readers(self) -> list[Reader]:
        topic = self.entity.subscription("state_topic")
        return [] if topic is None else [Reader(topic, through(self.entity.template("value_template"), self._read))]

    def move(self, opens: bool) -> Publish:
        return self.go_to(100 if opens else 0) if self.by_position else super().move(opens)

    def go_to(self, position: float) -> Publish:
        if self.by_position:
            return self.entity.send("command_topic", self.device_position(position), "command_template")
        if position in {0, 100}:
            return super().move(position == 100)
        raise unsupported({"position": position})

    def _read(self, shown: str) -> Mapping[str, Value]:
        """A state, a position, or both as JSON."""
        found: dict[str, Value] = {}
        report = mapping(parse(shown)) if shown.startswith("{") else {"state": shown, "position": shown}
        if self.by_position and _is_number(report.get("position")):
            found |= self.read_position(str(report["position"]))
            found["opening"] = self._at_rest()
        return {**found, **self.read_state(str(report.get("state")))}


def _is_number(value: object) -> bool:
    try:
        number(value)
    except ValueError:
        return False
    return True
