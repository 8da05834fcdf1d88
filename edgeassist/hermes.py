"""Hermes, the MQTT protocol of Rhasspy and of Snips before it: texts in, intents and sentences out.

A text that came as ``textCaptured`` and again as ``nlu/query`` of the same session, as a dialogue manager passes it on,
is acted on once and answered twice.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from edgeassist.bus.values import Incoming
from edgeassist.config import HermesConfig
from edgeassist.errors import IntentError
from edgeassist.messages import CallResult, Outcome, Result
from edgeassist.neighbours import Ear, text_of, utterance_of
from edgeassist.text import normalise, sanitise

_log = logging.getLogger(__name__)
CAPTURED = "hermes/asr/textCaptured"
QUERY = "hermes/nlu/query"
_ENDED = "hermes/dialogueManager/sessionEnded"
_MAX_BYTES = 8192
#: A dialogue manager passes a text on within this time.
_TWICE_S = 10.0
_MAX_TURNS = 64
_NOT_FOR_US = frozenset({Outcome.NOT_UNDERSTOOD, Outcome.REJECTED})
_TROUBLE = frozenset({Outcome.EXPIRED, Outcome.OVERLOADED})


class Publish(Protocol):
    def __call__(self, topic: str, payload: bytes, /) -> object: ...


@dataclass
class _Turn:
    """One thing said on one site: the messages that asked, each to be answered with its own ids."""

    text: str
    site: str
    session: str | None
    began: float
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    result: Result | None = None

    @property
    def key(self) -> str:
        return self.session or f"site {self.site}"


class Hermes:
    """``deliver`` belongs to the router thread; results come on any."""

    def __init__(self, config: HermesConfig, ear: Ear, publish: Publish) -> None:
        self._config = config
        self._ear = ear
        self._publish = publish
        self._lock = threading.RLock()
        self._turns: dict[str, _Turn] = {}
        self._questions: dict[str, str] = {}

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (QUERY, _ENDED, *((CAPTURED,) if self._config.asr else ()))

    def deliver(self, incoming: Incoming) -> bool:
        """Take a message in; False where it is none of Hermes."""
        if incoming.topic not in self.subscriptions:
            return False
        if incoming.retain:
            return True
        document: dict[str, Any] = {}
        try:
            document = _document(incoming.payload)
            if incoming.topic == _ENDED:
                self._forget(document)
            else:
                self._take(document, "input" if incoming.topic == QUERY else "text")
        except IntentError as error:
            _log.warning("%s: %s", incoming.topic, sanitise(str(error)))
            self._say("hermes/error/nlu", {"error": str(error), "context": None, **_ids(document)})
        return True

    def _take(self, document: dict[str, Any], key: str) -> None:
        site, session = text_of(document, "siteId") or "default", text_of(document, "sessionId")
        names = document.get("intentFilter")
        if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise IntentError("intentFilter: must be a list of names")
        utterance = utterance_of(
            document.get(key),
            self._ear.deadline_s,
            "hermes",
            room=self._config.rooms.get(site, None if site == "default" else site),
            dry_run=not self._config.act or bool(names),
        )
        turn = _Turn(utterance.text, site, session, time.monotonic(), [document])
        with self._lock:
            known = self._turns.get(turn.key) if session else None
            if known is not None and known.text == turn.text and turn.began - known.began < _TWICE_S:
                known.asked.append(document)
                if known.result is not None:
                    self._report(known, known.result, [document])
                return
            self._turns[turn.key] = turn
            while len(self._turns) > _MAX_TURNS:
                del self._turns[next(iter(self._turns))]
            question = self._questions.get(turn.key)
        if question is not None:
            self._answer_question(turn, question)
            return

        def filtered(result: Result) -> None:
            """Act only on what the one who asked is prepared for."""
            fits = {self._name(call) for call in result.calls} <= set(names or ())
            if result.outcome is Outcome.DRY_RUN and fits and self._config.act:
                again = utterance_of(turn.text, self._ear.deadline_s, "hermes", room=utterance.room)
                self._ear.hear(again, lambda final: self._answer(turn, final))
            else:
                self._answer(turn, result if fits else _unrecognised(result))

        self._ear.hear(utterance, filtered if names else lambda result: self._answer(turn, result))

    def _answer_question(self, turn: _Turn, question: str) -> None:
        """A yes or a no; the second result of the utterance that led to the question answers it."""
        try:
            if self._ear.confirm(question, normalise(turn.text).removesuffix(" please")):
                return
        except IntentError:
            _log.info("neither yes nor no: the question stays open until it expires")
        self._not_recognised(turn.asked, turn)

    def _answer(self, turn: _Turn, result: Result) -> None:
        with self._lock:
            turn.result = result
            if result.outcome is Outcome.CONFIRM:
                self._questions[turn.key] = result.id
            else:
                self._questions.pop(turn.key, None)
            asked = list(turn.asked)
        if result.outcome is Outcome.CONFIRM:
            self._ask(turn, result)
            return
        self._report(turn, result, asked)
        self._speak(turn, result)

    def _ask(self, turn: _Turn, result: Result) -> None:
        if turn.session is None:
            self._speak(turn, result)
            return
        document = {
            "sessionId": turn.session,
            "text": result.say,
            "intentFilter": None,
            "customData": result.id,
            "sendIntentNotRecognized": False,
        }
        self._say("hermes/dialogueManager/continueSession", {**document, "siteId": turn.site})

    def _report(self, turn: _Turn, result: Result, asked: Sequence[Mapping[str, Any]]) -> None:
        """The intents of a result, or that there are none, to each who asked."""
        if result.outcome in _NOT_FOR_US:
            self._not_recognised(asked, turn)
            return
        for document in asked:
            ids = {**_ids(document), "id": document.get("id") or result.id}
            if result.outcome in _TROUBLE or not result.calls:
                self._say("hermes/error/nlu", {"error": result.say or result.outcome, "context": turn.text, **ids})
                continue
            for call in result.calls:
                name = self._name(call)
                self._say(f"hermes/intent/{name}", {**_intent(name, call, turn.text, result, document), **ids})

    def _name(self, call: CallResult) -> str:
        return self._config.intent_prefix + call.call.name

    def _not_recognised(self, asked: Sequence[Mapping[str, Any]], turn: _Turn) -> None:
        for document in asked:
            self._say(
                "hermes/nlu/intentNotRecognized", {"input": turn.text, "id": document.get("id"), **_ids(document)}
            )

    def _speak(self, turn: _Turn, result: Result) -> None:
        """A dialogue manager speaks when its session ends; without a session the text goes to the site itself."""
        if turn.session is not None:
            if result.outcome not in _NOT_FOR_US and self._config.act:
                text = result.say if self._config.say else None
                self._say(
                    "hermes/dialogueManager/endSession", {"sessionId": turn.session, "text": text, "customData": None}
                )
        elif self._config.say and result.say and result.outcome is not Outcome.DRY_RUN:
            self._say("hermes/tts/say", {"text": result.say, "siteId": turn.site, "id": result.id, "sessionId": None})

    def _forget(self, document: Mapping[str, Any]) -> None:
        """A session that ended, by whatever, asks nothing any more. Snips wrote ``termination`` as an object."""
        session = text_of(document, "sessionId")
        with self._lock:
            if session is not None:
                question = self._questions.pop(session, None)
                self._turns.pop(session, None)
        termination = document.get("termination")
        reason = termination.get("reason") if isinstance(termination, dict) else termination
        if session is not None and question is not None and reason != "nominal":
            self._ear.confirm(question, "no")

    def _say(self, topic: str, document: Mapping[str, Any]) -> None:
        self._publish(topic, json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))


def _document(payload: bytes) -> dict[str, Any]:
    if len(payload) > _MAX_BYTES:
        raise IntentError(f"{len(payload)} bytes: at most {_MAX_BYTES} are taken")
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise IntentError(f"no JSON: {error}") from None
    if not isinstance(document, dict):
        raise IntentError("must be a JSON object")
    return document


def _ids(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is echoed into each answer."""
    site, session = document.get("siteId"), document.get("sessionId")
    return {"siteId": site if isinstance(site, str) else "default", "sessionId": session}


def _intent(name: str, call: CallResult, text: str, result: Result, document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "input": text,
        "rawInput": text,
        "intent": {"intentName": name, "confidenceScore": 1.0 if result.confidence is None else result.confidence},
        "slots": [_slot(slot, value, text) for slot, value in call.call.arguments.items()],
        "customData": json.dumps({"outcome": result.outcome, "status": call.status, "targets": call.call.targets}),
        "asrTokens": document.get("asrTokens"),
        "asrConfidence": document.get("asrConfidence", document.get("likelihood")),
    }


def _slot(name: str, value: Any, text: str) -> dict[str, Any]:
    raw = str(value)
    start = text.lower().find(raw.lower())
    span = {"start": start, "end": start + len(raw)} if start >= 0 else {"start": 0, "end": len(text)}
    span |= {"rawStart": span["start"], "rawEnd": span["end"]}
    kind = "Number" if isinstance(value, int | float) and not isinstance(value, bool) else "Unknown"
    shown = {"kind": kind, "value": value}
    return {"entity": name, "slotName": name, "confidence": 1.0, "rawValue": raw, "value": shown, "range": span}


def _unrecognised(result: Result) -> Result:
    return Result(result.id, result.text, Outcome.NOT_UNDERSTOOD)
