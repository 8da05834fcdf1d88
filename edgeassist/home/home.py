"""An immutable snapshot of the home. Device state is kept elsewhere, so a lamp that switches changes nothing here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from .covers import classed
from .device import Area, Device, Floor


@dataclass(frozen=True)
class Home:
    """Floors, areas and devices by id, in a stable order."""

    devices: tuple[Device, ...] = ()
    areas: tuple[Area, ...] = ()
    floors: tuple[Floor, ...] = ()
    unit: Literal["C", "F"] = "C"
    name: str = field(default="home", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "devices", tuple(map(classed, self.devices)))

    @cached_property
    def by_id(self) -> dict[str, Device]:
        return {device.id: device for device in self.devices}

    @cached_property
    def floor_of(self) -> dict[str, str]:
        """Area name -> floor name, for the areas that have one."""
        return {area.name: area.floor for area in self.areas if area.floor}

    @cached_property
    def digest(self) -> str:
        """Changes exactly when something changes that a prompt or a grammar could show."""
        facts = [
            [(f.name, f.aliases) for f in self.floors],
            [(a.name, a.floor, a.aliases) for a in self.areas],
            [
                (
                    *(d.id, d.name, d.kind, d.device_class, d.area, d.aliases),
                    *(sorted(d.capabilities), sorted(d.lacks), d.modes, d.members),
                )
                for d in self.devices
            ],
            self.unit,
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()

    def in_area(self, area: str) -> list[Device]:
        return [device for device in self.devices if device.area == area]

    def on_floor(self, floor: str) -> list[Device]:
        return [device for device in self.devices if device.area and self.floor_of.get(device.area) == floor]

    def find_area(self, spoken: str) -> Area | None:
        """The area of that name or alias, whatever its case and punctuation."""
        return next((area for area in self.areas if _same(spoken, (area.name, *area.aliases))), None)


def _same(spoken: str, names: Iterable[str]) -> bool:
    from edgeassist.text import normalise

    wanted = normalise(spoken)
    return any(normalise(name) == wanted for name in names)
