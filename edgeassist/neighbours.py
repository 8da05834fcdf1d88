"""What the protocols of other assistants have in common: whom they speak to, and that nothing of theirs is trusted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from edgeassist.bus.intents import parse_intent
from edgeassist.errors import IntentError
from edgeassist.messages import Result, Utterance


class Ear(Protocol):
    """Where utterances go (see :class:`edgeassist.desk.Desk`)."""

    @property
    def deadline_s(self) -> float: ...
    def hear(self, utterance: Utterance, listener: Callable[[Result], None]) -> None: ...
    def confirm(self, id_: str, answer: str, pin: str | None = None) -> bool: ...


def utterance_of(
    text: object, deadline_s: float, source: str, *, room: str | None = None, dry_run: bool = False
) -> Utterance:
    """An utterance under the same rules as an intent on MQTT. Raises IntentError."""
    fields = {"text": text, "source": source, "room": room, "dry_run": dry_run}
    payload = json.dumps(fields, ensure_ascii=True).encode()
    return parse_intent(payload, now=time.monotonic(), default_deadline_s=deadline_s)


def text_of(document: Mapping[str, Any], key: str, limit: int = 128) -> str | None:
    """A text of a document, None where it is missing or null. Raises IntentError for anything else."""
    value = document.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > limit:
        raise IntentError(f"{key}: must be text of at most {limit} characters")
    return value
