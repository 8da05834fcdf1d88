"""The framing: a line of JSON, then as many bytes of more JSON and of payload as it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edgeassist.errors import IntentError

MAX_LINE = 64 * 1024
MAX_DATA = 256 * 1024
MAX_PAYLOAD = 1024 * 1024
_VERSION = "1.9.0"


@dataclass(frozen=True, slots=True)
class Event:
    type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    payload: bytes = b""


async def read_event(reader: asyncio.StreamReader) -> Event | None:
    """The next event; None at the end of the connection. Raises IntentError for what is none."""
    try:
        line = await reader.readline()
    except ValueError:
        raise IntentError(f"a line is longer than {MAX_LINE} bytes") from None
    if not line:
        return None
    header = _object(line)
    data = header.get("data") or {}
    if not isinstance(data, dict) or not isinstance(header.get("type"), str):
        raise IntentError("an event needs a type, and its data is an object")
    if more := await _bytes(reader, header, "data_length", MAX_DATA):
        data = {**data, **_object(more)}
    return Event(header["type"], data, await _bytes(reader, header, "payload_length", MAX_PAYLOAD))


def encode(event: Event) -> bytes:
    """The bytes of an event."""
    header: dict[str, Any] = {"type": event.type, "version": _VERSION}
    data = json.dumps(event.data, ensure_ascii=False).encode("utf-8", "replace") if event.data else b""
    if data:
        header["data_length"] = len(data)
    if event.payload:
        header["payload_length"] = len(event.payload)
    return json.dumps(header).encode() + b"\n" + data + event.payload


async def _bytes(reader: asyncio.StreamReader, header: Mapping[str, Any], key: str, limit: int) -> bytes:
    length = header.get(key) or 0
    if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length <= limit:
        raise IntentError(f"{key}: must be between 0 and {limit}")
    try:
        return await reader.readexactly(length) if length else b""
    except asyncio.IncompleteReadError:
        raise IntentError("the connection ended within an event") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise IntentError(f"no JSON: {error}") from None
    if not isinstance(document, dict):
        raise IntentError("must be a JSON object")
    return document
