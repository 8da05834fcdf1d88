"""A suite: homes in TOML, and sentences in JSON lines that say what must happen in them.

A line is ``{"home", "text", "expect", "tags", "room"?, "or"?}``. ``expect`` is "none", "ask" or calls as
``[function, [device ids], {arguments without the target}]``; ``or`` lists further right answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Entry

from edgeassist.errors import ConfigError
from edgeassist.home import Area, Device, Floor, Home
from edgeassist.home.device import Kind
from edgeassist.tomlfile import load_toml

#: What nearly every real device of the kind can do besides; suites do not write it down.
_ALWAYS: Mapping[str, frozenset[str]] = {"cover": frozenset({"stop"}), "valve": frozenset({"stop"})}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Floor(_Model):
    name: str
    aliases: tuple[str, ...] = ()


class _Area(_Floor):
    floor: str | None = None


class _Device(_Floor):
    id: str
    kind: Kind
    device_class: str | None = None
    area: str | None = None
    capabilities: frozenset[str] = frozenset()


class _Home(_Model):
    unit: Literal["C", "F"] = "C"
    floor: tuple[_Floor, ...] = ()
    area: tuple[_Area, ...] = ()
    device: tuple[_Device, ...] = ()

    def home(self, name: str) -> Home:
        devices = tuple(
            Device(
                d.id,
                d.name,
                d.kind,
                d.device_class,
                d.area,
                d.aliases,
                d.capabilities | _ALWAYS.get(d.kind, frozenset()),
            )
            for d in self.device
        )
        areas = tuple(Area(a.name, a.floor, a.aliases) for a in self.area)
        return Home(devices, areas, tuple(Floor(f.name, f.aliases) for f in self.floor), self.unit, name)


@dataclass(frozen=True)
class Step:
    """One call: a function, the ids of its devices, its other arguments."""

    function: str
    devices: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)


#: Calls, or why there are none.
Meaning = tuple[Step, ...] | Literal["none", "ask"]


@dataclass(frozen=True)
class Case:
    """One sentence. ``right`` are all answers that are right, the expected one first.

    Of a ``loose`` one nobody knows the home in which it was said: any of the devices and any value is right.
    """

    home: str
    text: str
    right: tuple[Meaning, ...]
    tags: tuple[str, ...] = ()
    room: str | None = None
    loose: bool = False


@dataclass(frozen=True)
class Suite:
    name: str
    homes: Mapping[str, Home]
    cases: tuple[Case, ...]


_Call = tuple[str, tuple[str, ...], dict[str, Any]]
_Said = tuple[_Call, ...] | Literal["none", "ask"]


class _Line(_Model):
    home: str
    text: str
    expect: _Said
    tags: tuple[str, ...] = ()
    room: str | None = None
    alternatives: tuple[_Said, ...] = Entry(default=(), alias="or")

    def case(self) -> Case:
        right = tuple(_meaning(said) for said in (self.expect, *self.alternatives))
        return Case(self.home, self.text, right, self.tags, self.room)


def _meaning(said: _Said) -> Meaning:
    return said if isinstance(said, str) else tuple(Step(*call) for call in said)


def load(path: Path) -> Suite:
    """Read ``path`` (JSON lines); its homes are ``homes/*.toml`` beside it. Raises ConfigError."""
    homes = {
        file.stem: load_toml(file, _Home).home(file.stem) for file in sorted((path.parent / "homes").glob("*.toml"))
    }
    reader = TypeAdapter(_Line)
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = reader.validate_python(json.loads(line)).case()
        except (ValidationError, ValueError) as error:
            raise ConfigError(f"{path}:{number}: no sentence of a suite: {error}") from error
        if case.home not in homes:
            raise ConfigError(f"{path}:{number}: no home {case.home!r} in {path.parent / 'homes'}")
        cases.append(case)
    return Suite(path.stem, homes, tuple(cases))
