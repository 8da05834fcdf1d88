"""Errors that a person or a caller decides on; their text names the thing, the value and the way out."""

from __future__ import annotations

from .messages import Reply


class EdgeAssistError(Exception):
    """Base of every error that edgeassist raises on purpose."""


class ConfigError(EdgeAssistError):
    """The configuration, a profile or a home file cannot be used (exit code 78)."""


class ModelError(EdgeAssistError):
    """A model file is missing, damaged, unverified or cannot be loaded."""


class BusError(EdgeAssistError):
    """The MQTT broker cannot be reached or refuses us."""


class NoBrokerError(BusError):
    """No broker answers at the configured address."""


class IntentError(EdgeAssistError):
    """An intent is malformed: it is answered ``rejected`` with this text.

    ``intent_id`` and ``reply`` are what could be read of the intent before it was found wanting.
    """

    def __init__(self, message: str, *, intent_id: str | None = None, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.intent_id = intent_id
        self.reply = reply or Reply()


class AudioError(EdgeAssistError):
    """A microphone, a loudspeaker or an engine of the voice part cannot be used."""


class JournalError(EdgeAssistError):
    """The journal cannot be written, and what was asked for is not safe without it."""


class CommandError(EdgeAssistError):
    """A device cannot do what a call asks of it."""


class DeadlineExceeded(EdgeAssistError):
    """Decoding was cut off at the intent's deadline."""
