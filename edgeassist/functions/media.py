"""media_play, media_pause, media_stop, media_next, media_previous, set_volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function, Part, can
from .slots import PERCENT

DEFAULT_STEP = 10
_PLAYERS = frozenset({"media_player"})
_PLAYS = can("playback")
_SOUNDS = can("volume")


def _does(change: dict[str, Value]) -> Any:
    def wanted(_device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
        return dict(change)

    return wanted


def _volume(_device: Device, arguments: Mapping[str, Any], state: State) -> dict[str, Value]:
    if "muted" in arguments:
        return {"muted": bool(arguments["muted"])}
    if "volume" in arguments:
        return {"volume": float(arguments["volume"])}
    known = state.get("volume")
    now = float(known) if isinstance(known, int | float) else 30.0
    return {"volume": min(100.0, max(0.0, now + float(arguments["volume_step"])))}


def _player(name: str, description: str, verb: str, change: dict[str, Value], *, idempotent: bool = True) -> Function:
    form = Form(verb, "place", needs=_PLAYS)
    return Function(name, description, (form,), _PLAYERS, _does(change), idempotent=lambda _arguments: idempotent)


_UP = Part("volume_step", PERCENT, optional=True, default=DEFAULT_STEP)
_DOWN = Part("volume_step", PERCENT, optional=True, default=DEFAULT_STEP, sign=-1)

FUNCTIONS = (
    _player("media_play", "start or resume playing", "play", {"playback": "playing"}),
    _player("media_pause", "pause playing", "pause", {"playback": "paused"}),
    _player("media_stop", "stop playing", "halt", {"playback": "stopped"}),
    _player("media_next", "skip to the next track", "next", {"do": "next"}, idempotent=False),
    _player("media_previous", "go back to the previous track", "previous", {"do": "previous"}, idempotent=False),
    Function(
        "set_volume",
        "volume of players",
        (
            Form("volume", "place", (Part("volume", PERCENT),), needs=_SOUNDS),
            Form("louder", "place", (_UP,), needs=_SOUNDS),
            Form("quieter", "place", (_DOWN,), needs=_SOUNDS),
            Form("mute", "place", fixed={"muted": True}, needs=_SOUNDS),
            Form("unmute", "place", fixed={"muted": False}, needs=_SOUNDS),
        ),
        _PLAYERS,
        _volume,
        idempotent=lambda arguments: "volume_step" not in arguments,
    ),
)
