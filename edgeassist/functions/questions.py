"""get_state: the only function that a question may become. It publishes nothing."""

from __future__ import annotations

from edgeassist.home import KINDS, Device

from .base import Form, Function

ATTRIBUTES = ("temperature", "humidity", "brightness", "position", "battery", "power", "volume", "mode")


#: What such devices nearly always have and report, though nothing announces that it can be set.
_REPORTED = {"battery": frozenset({"vacuum", "lawn_mower", "lock"}), "power": frozenset({"switch"})}


def has_attribute(device: Device, attribute: str) -> bool:
    """Whether asking that device for that attribute makes sense."""
    if device.kind == "sensor":
        return device.device_class == attribute
    if attribute == "temperature":
        return device.kind == "climate"
    if attribute == "humidity":
        return device.kind == "humidifier"
    return attribute in device.capabilities or device.kind in _REPORTED.get(attribute, ())


def _about(attribute: str) -> Form:
    return Form(
        f"get {attribute}",
        "place",
        fixed={"attribute": attribute},
        needs=lambda device: has_attribute(device, attribute),
    )


_READABLE = frozenset(KINDS) - {"scene", "button"}

FUNCTIONS = (
    Function(
        "get_state",
        "say how devices are",
        (Form("is", "noun"), *(_about(attribute) for attribute in ATTRIBUTES)),
        _READABLE,
        risk=lambda _device: "none",
        reads=True,
    ),
)
