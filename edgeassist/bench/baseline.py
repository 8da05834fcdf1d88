"""What a competent user of a chat API writes for the same job: a system prompt with functions and home, a JSON schema.

The schema admits one call only. A user who wants several in one sentence pays for a list on every answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from edgeassist.functions import builtin_functions
from edgeassist.home import Device, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve

#: Longer than any call of the contract; it bounds a model that rambles inside the schema.
MAX_TOKENS = 96
_PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
_STEP = {"type": "integer", "minimum": -100, "maximum": 100}
_TEXT = {"type": "string", "maxLength": 24}
#: Arguments of the contract's functions, the target left out; the required ones end in "!".
_ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "set_light": {"brightness": _PERCENT, "brightness_step": _STEP, "color": _TEXT, "color_temp": {"type": "integer"}},
    "set_position": {"position!": _PERCENT},
    "set_temperature": {
        "temperature": {"type": "number"},
        "temperature_step": {"type": "number"},
        "mode": {"enum": ["heat", "cool", "auto", "off"]},
    },
    "set_fan": {"percentage": _PERCENT, "percentage_step": _STEP},
    "set_volume": {"volume": _PERCENT, "volume_step": _STEP, "muted": {"type": "boolean"}},
    "get_state": {"attribute": {"enum": ["temperature", "humidity", "brightness", "position", "battery", "power"]}},
    "start_timer": {"seconds!": {"type": "integer"}, "label": _TEXT},
    "cancel_timer": {"label": _TEXT},
    "timer_status": {"label": _TEXT},
    "add_to_list": {"item!": _TEXT, "list": _TEXT},
}


def system_prompt(home: Home) -> str:
    """Functions with their arguments, and the devices by area."""
    functions = "\n".join(
        f"- {name}({', '.join(key.rstrip('!') for key in _arguments(name))}): {function.description}"
        for name, function in builtin_functions().items()
    )
    rooms: dict[str, list[Device]] = defaultdict(list)
    for device in home.devices:
        rooms[device.area or "Home"].append(device)
    listing = "\n".join(f"{room}: {', '.join(map(_named, devices))}" for room, devices in rooms.items())
    return (
        "You control a smart home. Answer every request with one JSON function call.\n"
        'A target is "name" (a device), or "area" or "floor" with an optional "kind", or "kind" alone for everywhere.\n'
        f"Functions:\n{functions}\n- none(): the request is not about the home\nDevices by area:\n{listing}"
    )


def schema(home: Home) -> dict[str, Any]:
    """One call: a function's name with its own arguments, and only targets that exist."""
    kinds = sorted({device.kind for device in home.devices})
    targets: dict[str, Any] = {
        "name": {"enum": [name for device in home.devices for name in (device.name, *device.aliases)]},
        "area": {"enum": [area.name for area in home.areas]},
        "floor": {"enum": [floor.name for floor in home.floors]},
        "kind": {"enum": kinds},
    }
    calls = [
        _call(function.name, targets if any(form.naming != "nothing" for form in function.forms) else {})
        for function in builtin_functions().values()
    ]
    return {"oneOf": [*calls, _object({"name!": {"const": "none"}, "arguments!": _object({})})]}


def answer(line: str, home: Home, text: str) -> dict[str, Any]:
    """The contract's call for a compact line: what a chat model should have said."""
    lexicon = Lexicon.of(home)
    try:
        calls = resolve(
            syntax.read(line, builtin_functions(), lexicon), Context(lexicon, None, frozenset(text.split()))
        )
    except Ambiguous:
        calls = ()
    if not calls:
        return {"name": "none", "arguments": {}}
    return {"name": calls[0].name, "arguments": dict(calls[0].arguments)}


def exactly(wanted: dict[str, Any]) -> dict[str, Any]:
    """A schema that admits one call only, for a model whose own choices are meaningless."""
    arguments = {f"{name}!": {"const": value} for name, value in wanted["arguments"].items()}
    return _object({"name!": {"const": wanted["name"]}, "arguments!": _object(arguments)})


def _call(name: str, targets: Mapping[str, Any]) -> dict[str, Any]:
    return _object({"name!": {"const": name}, "arguments!": _object({**targets, **_arguments(name)})})


def _arguments(name: str) -> Mapping[str, Any]:
    return _ARGUMENTS.get(name, {})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name.rstrip("!"): value for name, value in properties.items()},
        "required": [name[:-1] for name in properties if name.endswith("!")],
        "additionalProperties": False,
    }


def _named(device: Device) -> str:
    names = " or ".join((device.name, *device.aliases))
    return f"{names} ({device.kind})"
