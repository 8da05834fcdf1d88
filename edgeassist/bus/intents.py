"""Intents from bytes of anyone's making, results to JSON. Total: an Utterance or an IntentError, nothing else."""

from __future__ import annotations

import json
import math
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from edgeassist.errors import BusError, IntentError
from edgeassist.messages import CallResult, Reply, Result, Utterance

from .topics import check_topic_name, is_reserved

MAX_INTENT_BYTES = 4096
MAX_DEADLINE_MS = 600_000
MAX_ID_CHARS = 128
MAX_WORD_CHARS = 64
MAX_TOPIC_CHARS = 512
_MAX_DEPTH = 4
_MAX_DIGITS = 18
#: What a shell or a text box adds; every other control character is refused.
_LINE_BREAKS = str.maketrans("\t\r\n", "   ")
_KEYS = {"text", "id", "room", "source", "dry_run", "reply_to", "deadline_ms"}


@dataclass(frozen=True, slots=True)
class _Raw:
    """The fields of an intent as they came, before any is trusted."""

    fields: Mapping[str, Any]
    intent_id: str
    reply: Reply

    def reject(self, problem: str) -> NoReturn:
        raise IntentError(problem, intent_id=self.intent_id, reply=self.reply)


def parse_intent(
    payload: bytes,
    *,
    now: float,
    default_deadline_s: float,
    max_bytes: int = MAX_INTENT_BYTES,
    response_topic: str | None = None,
    correlation: bytes | None = None,
    expiry_s: float | None = None,
    new_id: str | None = None,
) -> Utterance:
    """The utterance in one message on an intent topic, text or JSON as in the contract.

    ``now`` is an instant of time.monotonic in seconds; ``expiry_s`` what is left of MQTT 5's message expiry, which
    can only shorten the deadline; ``new_id`` the id of one that names none. Of two addresses for the answer MQTT 5's
    Response Topic wins over ``reply_to``: who sent this very message waits there. Raises IntentError, with the id and
    the address where they could be read.
    """
    fallback = Reply(_usable(response_topic), correlation)
    generated = new_id or uuid.uuid4().hex
    try:
        fields = _fields(payload, max_bytes)
    except _MalformedError as problem:
        raise IntentError(str(problem), intent_id=generated, reply=fallback) from None
    known_id = fields.get("id") if _is_id(fields.get("id")) else None
    reply_to = fields.get("reply_to")
    address = fallback.topic or _usable(reply_to if isinstance(reply_to, str) else None)
    raw = _Raw(fields, known_id or generated, Reply(address, correlation))
    _check(raw, response_topic)
    deadline_s = _deadline_s(raw, default_deadline_s)
    return Utterance(
        id=raw.intent_id,
        text=_text(raw),
        deadline=now + (deadline_s if expiry_s is None else min(deadline_s, expiry_s)),
        room=_word(raw, "room"),
        source=_word(raw, "source") or "mqtt",
        dry_run=_flag(raw, "dry_run"),
        reply=raw.reply,
    )


def render_result(result: Result, node: str, model: str) -> bytes:
    """The contract's JSON of a result: strict, UTF-8 as it is spoken, numbers rounded."""
    document = {
        "id": result.id,
        "text": result.text,
        "outcome": str(result.outcome),
        "calls": [_call(call) for call in result.calls],
        "say": result.say,
        "confidence": _number(result.confidence, 4),
        "node": node,
        "model": model,
        "path": result.path,
        "timing_ms": {name: _number(value, 1) for name, value in result.timing_ms.items()},
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


class _MalformedError(ValueError):
    """Why the bytes are not an intent at all."""


def _fields(payload: bytes, max_bytes: int) -> dict[str, Any]:
    if len(payload) > max_bytes:
        raise _MalformedError(f"intent of {len(payload)} bytes: at most {max_bytes} are taken")
    try:
        text = payload.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _MalformedError(f"intent is not UTF-8: byte 0x{payload[error.start]:02x} at {error.start}") from None
    if not text.lstrip().startswith("{"):
        return {"text": text}
    # Clients fill in null for what they have no value for.
    return {key: value for key, value in _json_object(text).items() if value is not None}


def _json_object(text: str) -> dict[str, Any]:
    if _depth(text) > _MAX_DEPTH:
        raise _MalformedError(f"JSON is nested deeper than {_MAX_DEPTH}: an intent is one flat object")
    try:
        document = json.loads(
            text, parse_constant=_no_constant, parse_int=_bounded_int, object_pairs_hook=_unique_pairs
        )
    except json.JSONDecodeError as error:
        raise _MalformedError(f"JSON: {error.msg} at character {error.pos}") from None
    if not isinstance(document, dict):  # pragma: no cover - it begins with "{"
        raise _MalformedError("JSON: must be an object")
    return document


def _depth(text: str) -> int:
    """How deep brackets nest outside strings; counted before parsing, which would recurse."""
    depth = deepest = 0
    in_string = escaped = False
    for c in text:
        if in_string:
            in_string = escaped or c != '"'
            escaped = not escaped and c == "\\"
        elif c == '"':
            in_string = True
        elif c in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif c in "}]":
            depth -= 1
    return deepest


def _no_constant(name: str) -> NoReturn:
    raise _MalformedError(f"JSON: {name} is no number")


def _bounded_int(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _MalformedError(f"JSON: a number of {len(digits)} digits is too large")
    return int(digits)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _MalformedError("JSON: a key stands there twice")
    return document


def _check(raw: _Raw, response_topic: str | None) -> None:
    """Everything about the keys, the id and the address of the answer."""
    unknown = sorted(raw.fields.keys() - _KEYS)
    if unknown:
        raw.reject(f"unknown key {unknown[0][:40]!r}: an intent has {', '.join(sorted(_KEYS))}")
    if "id" in raw.fields and not _is_id(raw.fields["id"]):
        raw.reject(f"id: must be 1 to {MAX_ID_CHARS} printable characters without '/', '+' and '#'")
    reply_to = raw.fields.get("reply_to")
    if reply_to is not None and not (isinstance(reply_to, str) and _usable(reply_to)):
        raw.reject("reply_to: must be a topic without wildcards, outside '$' and outside the topics of edgeassist")
    if response_topic is not None and not _usable(response_topic):
        raw.reject("response topic: must be without wildcards, outside '$' and outside the topics of edgeassist")


def _usable(topic: str | None) -> str | None:
    """The topic when an answer may go there."""
    if topic is None or len(topic) > MAX_TOPIC_CHARS or not topic.isprintable() or is_reserved(topic):
        return None
    try:
        return check_topic_name(topic)
    except BusError:
        return None


def _is_id(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_ID_CHARS
        and value.isprintable()
        and not any(c in "/+#" for c in value)
    )


def _text(raw: _Raw) -> str:
    text = raw.fields.get("text")
    if not isinstance(text, str):
        raw.reject("text: is missing" if text is None else f"text: must be text, not {_type(text)}")
    _reject_unprintable(raw, "text", text.translate(_LINE_BREAKS))
    spoken = " ".join(text.split())
    if not spoken:
        raw.reject("text: is empty")
    return spoken


def _reject_unprintable(raw: _Raw, key: str, text: str) -> None:
    for c in text:
        if unicodedata.category(c) in ("Cc", "Cs"):
            raw.reject(f"{key}: holds the control character or half character U+{ord(c):04X}")


def _word(raw: _Raw, key: str) -> str | None:
    value = raw.fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raw.reject(f"{key}: must be text, not {_type(value)}")
    _reject_unprintable(raw, key, value)
    if len(value) > MAX_WORD_CHARS:
        raw.reject(f"{key}: {len(value)} characters, at most {MAX_WORD_CHARS} are taken")
    return value.strip() or None


def _flag(raw: _Raw, key: str) -> bool:
    value = raw.fields.get(key, False)
    if not isinstance(value, bool):
        raw.reject(f"{key}: must be true or false, not {_type(value)}")
    return value


def _deadline_s(raw: _Raw, default_s: float) -> float:
    value = raw.fields.get("deadline_ms")
    if value is None:
        return default_s
    if isinstance(value, bool) or not isinstance(value, int):
        raw.reject(f"deadline_ms: must be a whole number, not {_type(value)}")
    if not 1 <= value <= MAX_DEADLINE_MS:
        raw.reject(f"deadline_ms = {value}: must be between 1 and {MAX_DEADLINE_MS}")
    return float(value) / 1000.0


def _type(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object", str: "text"}
    return names.get(type(value), "null")


def _call(result: CallResult) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": result.call.name,
        "arguments": {name: _rounded(value) for name, value in result.call.arguments.items()},
        "targets": list(result.call.targets),
        "status": str(result.status),
    }
    if result.error is not None:
        document["error"] = result.error
    return document


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return _number(value, 3)
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): _rounded(v) for k, v in value.items()}
    return value


def _number(value: float | None, digits: int) -> float | int | None:
    """Rounded; a whole number without its ".0"; None for what JSON cannot say."""
    if value is None or not math.isfinite(value):
        return None
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
