"""Locks and alarm panels, either of which may want a code."""

from __future__ import annotations

from edgeassist.conventions.driver import Change, unsupported
from edgeassist.errors import CommandError
from edgeassist.home.device import State
from edgeassist.home.match import toggled
from edgeassist.messages import Publish, Value

from .entity import Built, Entity, matched

_ARMED = ("armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass")
_ALARM_STATES = ("disarmed", *_ARMED, "pending", "triggered", "arming", "disarming")


def lock(entity: Entity) -> Built:
    def encode(change: Change, state: State) -> list[Publish]:
        wanted = toggled("lock", state, "locked") if change.get("do") == "toggle" else change.get("lock")
        if wanted not in {"locked", "unlocked"}:
            raise unsupported(change)
        default, key = ("LOCK", "payload_lock") if wanted == "locked" else ("UNLOCK", "payload_unlock")
        code = _code(change, bool(entity.optional("code_format", None)), "lock")
        return [entity.send("command_topic", entity.text(key, default), "command_template", code=code)]

    states: dict[str, Value] = {
        entity.text("state_locked", "LOCKED"): "locked",
        entity.text("state_unlocked", "UNLOCKED"): "unlocked",
        entity.text("state_jammed", "JAMMED"): "jammed",
        entity.text("state_open", "OPEN"): "unlocked",
    }
    return Built(tuple(entity.reader("state_topic", matched("lock", states), "value_template")), encode)


def alarm(entity: Entity) -> Built:
    has_code = entity.optional("code", None) is not None

    def encode(change: Change, _state: State) -> list[Publish]:
        wanted = change.get("armed", {"on": "armed_away", "off": "disarmed"}.get(str(change.get("power"))))
        if wanted == "disarmed":
            action, needs_code = "DISARM", entity.flag("code_disarm_required", True)
        elif wanted in _ARMED:
            action, needs_code = str(wanted).upper().replace("ARMED", "ARM"), entity.flag("code_arm_required", True)
        elif wanted == "triggered":
            action, needs_code = "TRIGGER", entity.flag("code_trigger_required", True)
        else:
            raise unsupported(change)
        payload = entity.text(f"payload_{action.lower()}", action)
        code = _code(change, has_code and needs_code, "alarm")
        if entity.template("command_template") is None:
            return [entity.send("command_topic", payload)]
        return [entity.send("command_topic", payload, "command_template", action=payload, code=code)]

    def read(shown: str) -> dict[str, Value]:
        if shown not in _ALARM_STATES:
            return {}
        return {"armed": shown, "power": "off" if shown in {"disarmed", "disarming"} else "on"}

    return Built(tuple(entity.reader("state_topic", read, "value_template")), encode)


def _code(change: Change, needed: bool, what: str) -> str:
    """The code that came with the change. Raises CommandError when the device wants one and there is none."""
    code = change.get("code", "")
    if needed and not code:
        raise CommandError(f"the {what} wants a code, and none was given")
    return str(code)
