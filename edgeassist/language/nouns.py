"""Common nouns for kinds and classes of devices, as people say them."""

from __future__ import annotations

from dataclasses import dataclass

from edgeassist.functions.covers import ENTRANCES
from edgeassist.home import Device

#: What "everything" means when it is switched on or off; never locks, covers, valves, heating or sirens.
EVERYTHING = frozenset({"light", "switch", "fan", "media_player", "humidifier"})


@dataclass(frozen=True)
class Noun:
    """A plural noun, its singular, and the devices that it stands for."""

    plural: str
    singular: str
    kinds: frozenset[str]
    classes: frozenset[str] = frozenset()

    def names(self, device: Device) -> bool:
        if device.kind not in self.kinds:
            return False
        if self.classes:
            return device.device_class in self.classes
        return not (device.kind == "cover" and device.device_class in ENTRANCES)


def _noun(plural: str, singular: str, kinds: str, classes: str = "") -> Noun:
    return Noun(plural, singular, frozenset(kinds.split()), frozenset(classes.split()))


SCENES = "scenes"
#: In the order in which a prompt shows a device: the first noun that names it.
KIND_NOUNS: tuple[Noun, ...] = (
    _noun("lights", "light", "light"),
    _noun("plugs", "plug", "switch", "outlet"),
    _noun("switches", "switch", "switch"),
    _noun("fans", "fan", "fan"),
    _noun("blinds", "blind", "cover", "blind"),
    _noun("curtains", "curtain", "cover", "curtain"),
    _noun("shades", "shade", "cover", "shade"),
    _noun("shutters", "shutter", "cover", "shutter"),
    _noun("awnings", "awning", "cover", "awning"),
    _noun("garage doors", "garage door", "cover", "garage"),
    _noun("gates", "gate", "cover", "gate"),
    _noun("doors", "door", "cover binary_sensor", "door garage_door"),
    _noun("windows", "window", "cover binary_sensor", "window"),
    _noun("covers", "cover", "cover"),
    _noun("valves", "valve", "valve"),
    _noun("locks", "lock", "lock"),
    _noun("heating", "thermostat", "climate"),
    _noun("players", "player", "media_player"),
    _noun("vacuums", "vacuum", "vacuum"),
    _noun("mowers", "mower", "lawn_mower"),
    _noun("humidifiers", "humidifier", "humidifier"),
    _noun("sirens", "siren", "siren"),
    _noun(SCENES, "scene", "scene button"),
    _noun("alarms", "alarm", "alarm_control_panel"),
    _noun("motion", "motion", "binary_sensor", "motion occupancy presence"),
    _noun("leaks", "leak", "binary_sensor", "moisture"),
    _noun("smoke", "smoke", "binary_sensor", "smoke gas carbon_monoxide"),
    _noun("sensors", "sensor", "sensor binary_sensor"),
)
#: What hangs in front of a window.
SHADING = ("blinds", "curtains", "shades", "shutters")
ALL = _noun("everything", "everything", " ".join(sorted(EVERYTHING)))
#: Words that are a kind's own, so that no shared name is made of them.
KIND_WORDS = frozenset(word for noun in KIND_NOUNS for word in (noun.plural, noun.singular))


def shown_as(device: Device) -> str:
    """The noun under which a prompt lists the device."""
    return next((noun.plural for noun in KIND_NOUNS if noun.names(device)), device.kind)
