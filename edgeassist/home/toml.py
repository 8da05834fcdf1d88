"""``home.toml``: what discovery cannot say about a home, and devices that nobody announces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from edgeassist.tomlfile import load_toml

from .device import Kind

Name = Annotated[str, Field(min_length=1, max_length=120)]
Topic = Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[^+#\x00-\x1f]+$")]
Risk = Literal["low", "confirm", "deny"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FloorEntry(_Model):
    name: Name
    aliases: tuple[Name, ...] = ()


class AreaEntry(_Model):
    name: Name
    floor: Name | None = None
    aliases: tuple[Name, ...] = ()


def _as_send(value: Any) -> Any:
    """``"PLAY"`` is a payload; a table of other keys than ours is payloads by value."""
    if isinstance(value, str):
        return {"payload": value}
    if isinstance(value, dict) and not value.keys() & {"topic", "payload", "values", "min", "max"}:
        return {"values": value}
    return value


def _as_report(value: Any) -> Any:
    """``"state.level"`` is the key of a JSON report; a table of other keys than ours is reports by value."""
    if isinstance(value, str):
        return {"key": value}
    if isinstance(value, dict) and not value.keys() & {"topic", "key", "values", "min", "max"}:
        return {"values": value}
    return value


class Send(_Model):
    """How one property or command is sent.

    ``values`` holds a payload for each value; otherwise ``payload`` holds ``{value}``, a number from ``min`` to ``max``
    for 0-100 %, and for colours ``{red}``, ``{green}``, ``{blue}`` and ``{hex}``, for colour temperatures ``{mired}``.
    """

    topic: Topic | None = None
    payload: str | None = Field(default=None, max_length=8192)
    values: dict[str, str] | None = None
    min: float = 0
    max: float = 100

    @model_validator(mode="after")
    def _one_form(self) -> Send:
        if self.payload is not None and self.values is not None:
            raise ValueError("payload and values exclude each other; keep one of them")
        if self.min == self.max:
            raise ValueError("min and max must differ")
        return self


class Report(_Model):
    """How one property is reported: the payload, or the value of a dotted JSON ``key`` in it."""

    topic: Topic | None = None
    key: str | None = Field(default=None, max_length=200)
    values: dict[str, str] | None = None
    min: float = 0
    max: float = 100

    @model_validator(mode="after")
    def _a_scale(self) -> Report:
        if self.min == self.max:
            raise ValueError("min and max must differ")
        return self


Property = Literal[
    "power",
    "brightness",
    "color",
    "color_temp",
    "opening",
    "position",
    "lock",
    "temperature",
    "mode",
    "percentage",
    "volume",
    "muted",
    "playback",
    "activity",
    "humidity",
    "armed",
]
Reported = Literal[Property, "reading", "contact", "battery", "current_temperature"]
Command = Literal["toggle", "stop", "next", "previous", "press"]


class DeviceEntry(_Model):
    """A device that no discovery announces, or a group of devices (``members``, by name or id).

    Without topics it is only described: it can be spoken of, and a command to it fails.
    """

    name: Name
    kind: Kind
    id: Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,100}$")] | None = None
    device_class: Name | None = None
    area: Name | None = None
    aliases: tuple[Name, ...] = ()
    capabilities: frozenset[str] = frozenset()
    modes: tuple[Name, ...] = ()
    members: tuple[Name, ...] = ()
    unit: Name | None = None
    risk: Risk | None = None
    command_topic: Topic | None = None
    state_topic: Topic | None = None
    availability_topic: Topic | None = None
    payload_available: str = "online"
    payload_not_available: str = "offline"
    send: dict[Property | Command, Annotated[Send, BeforeValidator(_as_send)]] = {}
    report: dict[Reported, Annotated[Report, BeforeValidator(_as_report)]] = {}

    @model_validator(mode="after")
    def _has_topics(self) -> DeviceEntry:
        if self.send and not self.command_topic and any(how.topic is None for how in self.send.values()):
            raise ValueError("send without a topic; add command_topic")
        if self.report and not self.state_topic and any(how.topic is None for how in self.report.values()):
            raise ValueError("report without a topic; add state_topic")
        return self


class OverrideEntry(_Model):
    """Changes to a device that discovery announced: ``match`` is its id or its name."""

    match: Name
    name: Name | None = None
    area: Name | None = None
    aliases: tuple[Name, ...] = ()
    kind: Kind | None = None
    device_class: Name | None = None
    risk: Risk | None = None
    exclude: bool = False


class HomeFile(_Model):
    """The whole file."""

    unit: Literal["C", "F"] = "C"
    floor: tuple[FloorEntry, ...] = ()
    area: tuple[AreaEntry, ...] = ()
    device: tuple[DeviceEntry, ...] = Field(default=(), max_length=1000)
    override: tuple[OverrideEntry, ...] = ()

    @field_validator("floor", "area", "device")
    @classmethod
    def _distinct(cls, entries: tuple[Any, ...]) -> tuple[Any, ...]:
        # Two devices may bear the same name in different areas.
        _refuse_twice(
            " in ".join(filter(None, (entry.name.lower(), getattr(entry, "area", None)))) for entry in entries
        )
        _refuse_twice(given for entry in entries if (given := getattr(entry, "id", None)))
        return entries

    @model_validator(mode="after")
    def _floors_exist(self) -> HomeFile:
        floors = {floor.name for floor in self.floor}
        for area in self.area:
            if area.floor is not None and area.floor not in floors:
                known = ", ".join(sorted(floors)) or "none"
                raise ValueError(
                    f"area {area.name!r} is on floor {area.floor!r}, which no [[floor]] declares ({known})"
                )
        return self


def _refuse_twice(names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]!r} is there twice; give each its own name")


def load_home(path: Path) -> HomeFile:
    """The home file. Raises ConfigError when it cannot be used."""
    return load_toml(path, HomeFile)
