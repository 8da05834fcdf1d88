"""What is said back: of commands what became of them, of questions the tracked state, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgeassist.home import Device, Home, State
from edgeassist.messages import Call, CallResult, Status, Value

_STATE_WORDS = ("power", "opening", "lock", "activity", "playback", "contact", "mode", "armed", "reading")
_CONTACT = {
    "door": ("open", "closed"),
    "garage_door": ("open", "closed"),
    "window": ("open", "closed"),
    "opening": ("open", "closed"),
    "motion": ("seeing motion", "seeing no motion"),
    "occupancy": ("occupied", "empty"),
    "presence": ("occupied", "empty"),
    "moisture": ("wet", "dry"),
    "smoke": ("detecting smoke", "clear"),
    "gas": ("detecting gas", "clear"),
    "battery": ("low", "fine"),
}
_PERCENT = {"brightness", "position", "volume", "battery", "percentage", "humidity"}
_LISTED = 5


def answer(call: Call, home: Home, state: Callable[[str], State], available: Callable[[str], bool]) -> str:
    """The answer to a get_state call, from what the devices last reported."""
    attribute = call.arguments.get("attribute")
    devices = [home.by_id[target] for target in call.targets if target in home.by_id]
    if not devices:
        return "There is no such device."
    meant = [_meter(device, attribute, home) for device in devices]
    said = [_one(device, attribute, state(device.id), home.unit, known=available(device.id)) for device in meant]
    if len(said) == 1:
        return said[0]
    return _many(devices, attribute, state) or " ".join(said[:_LISTED])


def _meter(device: Device, attribute: str | None, home: Home) -> Device:
    """The sensor that measures it for the device and is called after it ("Dryer Power"), else the device."""
    if attribute is None or device.kind == "sensor":
        return device
    name = f"{device.name.lower()} "
    meters = (each for each in home.devices if each.kind == "sensor" and each.device_class == attribute)
    return next((each for each in meters if each.name.lower().startswith(name)), device)


def _one(device: Device, attribute: str | None, state: State, unit: str, *, known: bool) -> str:
    if not known:
        return f"The {device.name} is offline."
    value = _value(device, attribute, state, unit)
    if value is None:
        return f"The {device.name} has not reported {attribute or 'its state'} yet."
    if attribute and device.kind != "sensor":
        return f"The {attribute} of the {device.name} is {value}."
    return f"The {device.name} is {value}."


def _many(devices: Sequence[Device], attribute: str | None, state: Callable[[str], State]) -> str | None:
    """How many are on or open, and which: "2 of 5 are on or open: Desk, Counter."."""
    if attribute is not None:
        return None
    active = [device for device in devices if _active(state(device.id))]
    if not active:
        return f"None of the {len(devices)} is on or open."
    names = ", ".join(device.name for device in active[:_LISTED])
    more = f" and {len(active) - _LISTED} more" if len(active) > _LISTED else ""
    verb = "is" if len(active) == 1 else "are"
    return f"{len(active)} of {len(devices)} {verb} on or open: {names}{more}."


def _active(state: State) -> bool:
    on = {"on", "open", "opening", "unlocked", "playing", "cleaning", "mowing"}
    return any(state.get(name) in on for name in ("power", "opening", "lock", "contact", "playback", "activity"))


def _value(device: Device, attribute: str | None, state: State, unit: str) -> str | None:
    if attribute is None:
        shown = [_word(device, name, state[name], unit) for name in _STATE_WORDS if name in state]
        if not shown:
            return None
        brightness = state.get("brightness")
        on = state.get("power") == "on" and isinstance(brightness, int | float)
        return f"{shown[0]}, at {brightness:.0f} percent" if on else shown[0]
    if device.kind == "sensor":
        name = "reading"
    elif attribute == "power":
        # A switch's own power is whether it is on, and not what was asked.
        return None
    elif attribute == "temperature" and device.kind == "climate":
        name = "current_temperature" if "current_temperature" in state else "temperature"
    else:
        name = attribute
    return _word(device, name, state[name], unit) if name in state else None


def _word(device: Device, name: str, value: Value, unit: str) -> str:
    if name == "contact":
        yes, no = _CONTACT.get(device.device_class or "", ("on", "off"))
        return yes if value == "on" else no
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if name in _PERCENT:
            return f"{value:.0f} percent"
        if name in {"temperature", "current_temperature"}:
            return f"{value * 9 / 5 + 32 if unit == 'F' else value:.3g} degrees"
        return f"{value:g} {device.unit}" if device.unit else f"{value:g}"
    return str(value)


def report(results: Sequence[CallResult]) -> str:
    """What became of commands, truthfully: done, sent without proof, or not done and why."""
    return " ".join(_report(result) for result in results)


def _report(result: CallResult) -> str:
    said = describe(result.call)
    if result.status is Status.VERIFIED:
        return f"Done: {said}."
    if result.status is Status.SENT:
        return f"Sent: {said}."
    if result.status is Status.DRY_RUN:
        return f"Would do: {said}."
    return f"Not done: {said}: {result.error or result.status}."


def describe(call: Call) -> str:
    """A call in words: "turn off the light in Kitchen"."""
    words = call.name.replace("_", " ")
    values = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in call.arguments.items()
        if name not in {"name", "area", "floor", "kind"}
    ]
    where = call.arguments.get("name") or _where(call)
    return " ".join(filter(None, (words, where, ", ".join(values))))


def _where(call: Call) -> str:
    kind = str(call.arguments.get("kind", "")).replace("_", " ")
    place = call.arguments.get("area") or call.arguments.get("floor")
    if place:
        return f"every {kind} in {place}" if kind else f"everything in {place}"
    return f"every {kind}" if kind else ""
