"""Home Assistant MQTT discovery, the format that most producers announce their devices in."""

from edgeassist.conventions.base import Convention, Unit

from .discovery import HomeAssistant

__all__ = ["HomeAssistant", "create"]


def create(unit: Unit = "C", root: str = "homeassistant") -> Convention:
    return HomeAssistant(unit, root)
