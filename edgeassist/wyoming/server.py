"""The server: a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from edgeassist import __version__
from edgeassist.config import WyomingConfig
from edgeassist.errors import BusError, IntentError
from edgeassist.messages import Outcome, Result
from edgeassist.neighbours import Ear, text_of, utterance_of
from edgeassist.pipeline import ASKS_FIRST
from edgeassist.text import normalise, sanitise

from .hass import hass_intent
from .hearing import Hearing, Recognition
from .wire import MAX_LINE, Event, encode, read_event

_log = logging.getLogger(__name__)
_START_S = 5.0
_MARGIN_S = 15.0
_MAX_CONNECTIONS = 32
_MAX_QUESTIONS = 64
_HANDLED = frozenset({Outcome.DONE, Outcome.PARTIAL, Outcome.CONFIRM, Outcome.DRY_RUN})
_ATTRIBUTION = {"name": "edgeassist", "url": "https://github.com/OHF-Voice/wyoming"}


class WyomingServer:
    """``recognition`` is what speech is recognised with, None where that is not offered."""

    def __init__(self, config: WyomingConfig, ear: Ear, recognition: Recognition | None = None) -> None:
        self._config = config
        self._ear = ear
        self._recognition = recognition
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._started = threading.Event()
        self._failure: str | None = None
        self._questions: dict[str, str] = {}
        self._second: dict[str, asyncio.Future[Result]] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="wyoming", daemon=True)
        self.port = config.port

    def start(self) -> None:
        """Returns when it listens. Raises BusError where it cannot."""
        self._thread.start()
        if not self._started.wait(_START_S) or self._failure:
            raise BusError(f"wyoming: cannot listen on {self._config.host}:{self._config.port}: {self._failure}")

    def stop(self, timeout: float = 5.0) -> None:
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and self._thread.is_alive():
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)
            self._thread.join(timeout)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = str(error)
            self._started.set()
        except Exception as error:  # noqa: BLE001  (the thread's boundary)
            self._failure = str(error)
            _log.exception("wyoming: the server ended unexpectedly")
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, self._config.host, self._config.port, limit=MAX_LINE)
        async with server:
            self.port = server.sockets[0].getsockname()[1]
            self._started.set()
            await self._stop.wait()
            server.close()
            for task in list(self._connections):
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
        try:
            if len(self._connections) <= _MAX_CONNECTIONS:
                await self._converse(reader, writer)
        except (IntentError, ConnectionError) as error:
            _log.warning("wyoming: a connection is closed: %s", sanitise(str(error)))
        except asyncio.CancelledError:
            _log.debug("wyoming: closed with the server")
        finally:
            writer.close()
            if task is not None:
                self._connections.discard(task)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hearing = Hearing(self._recognition)
        while (event := await read_event(reader)) is not None:
            try:
                answers = await self._answer(event, hearing)
            except IntentError as error:
                answers = [Event("error", {"text": str(error), "code": "invalid"})]
            for answer in answers:
                writer.write(encode(answer))
            await writer.drain()

    async def _answer(self, event: Event, hearing: Hearing) -> Sequence[Event]:
        match event.type:
            case "describe":
                return [Event("info", self.info())]
            case "ping":
                text = event.data.get("text")
                return [Event("pong", {"text": text} if isinstance(text, str) else {})]
            case "transcript" | "recognize":
                return await self._understand(event.data)
            case "transcribe" | "audio-start" | "audio-chunk" | "audio-stop":
                return await hearing.take(event)
        return []

    def info(self) -> dict[str, Any]:
        """What ``describe`` is answered with."""
        artifact = {"attribution": _ATTRIBUTION, "installed": True, "version": __version__}
        model = {**artifact, "name": "edgeassist", "description": "commands of this home", "languages": ["en"]}
        program = {**artifact, "name": "edgeassist", "description": "offline assistant", "models": [model]}
        role = {**program, "supports_handled_streaming": False, "supports_home_control": True}
        offered: dict[str, Any] = {name: [] for name in ("asr", "tts", "handle", "intent", "wake", "mic", "snd")}
        offered[self._config.role] = [role if self._config.role == "handle" else program]
        if self._recognition is not None:
            offered["asr"] = [{**program, "supports_transcript_streaming": False}]
        return offered

    async def _understand(self, data: Mapping[str, Any]) -> Sequence[Event]:
        given = data.get("context")
        context = given if isinstance(given, dict) else {}
        conversation = text_of(context, "conversation_id")
        rooms = (self._config.rooms.get(str(context.get(key))) for key in ("satellite_id", "device_id"))
        if self._config.role == "intent":
            return self._intents(await self._hear(data.get("text"), next(filter(None, rooms), None), dry=True), context)
        question = self._questions.pop(conversation, None) if conversation else None
        if question is not None:
            result = await self._confirm(question, normalise(str(data.get("text"))).removesuffix(" please"))
        else:
            result = await self._hear(data.get("text"), next(filter(None, rooms), None), dry=False)
        if result is None:
            return [Event("not-handled", _spoken("Nothing was done.", context))]
        if result.outcome is Outcome.CONFIRM and conversation and len(self._questions) < _MAX_QUESTIONS:
            self._questions[conversation] = result.id
        handled = result.outcome in _HANDLED
        return [Event("handled" if handled else "not-handled", _spoken(result.say, context))]

    async def _hear(self, text: object, room: str | None, *, dry: bool) -> Result:
        utterance = utterance_of(text, self._ear.deadline_s, "wyoming", room=room, dry_run=dry)
        loop = asyncio.get_running_loop()
        first: asyncio.Future[Result] = loop.create_future()

        def answered(result: Result) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._settle, utterance.id, first, result)

        await asyncio.to_thread(self._ear.hear, utterance, answered)
        return await asyncio.wait_for(first, self._ear.deadline_s + _MARGIN_S)

    def _settle(self, id_: str, first: asyncio.Future[Result], result: Result) -> None:
        """On the loop: the first result goes to who asked, the second to who confirmed."""
        if not first.done():
            first.set_result(result)
        elif (second := self._second.pop(id_, None)) is not None and not second.done():
            second.set_result(result)

    async def _confirm(self, question: str, answer: str) -> Result | None:
        second: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._second[question] = second
        try:
            if not await asyncio.to_thread(self._ear.confirm, question, answer):
                return None
            return await asyncio.wait_for(second, self._ear.deadline_s + _MARGIN_S)
        except IntentError:
            return None
        finally:
            self._second.pop(question, None)

    def _intents(self, result: Result, context: Mapping[str, Any]) -> Sequence[Event]:
        if result.outcome is not Outcome.DRY_RUN:
            return [Event("not-recognized", _spoken(result.say, context))]
        if any(call.error == ASKS_FIRST for call in result.calls) and not self._config.intent_risky:
            return [Event("not-recognized", _spoken("That must be confirmed, which is not possible here.", context))]
        intents = [hass_intent(call.call) for call in result.calls]
        found = [intent for intent in intents if intent is not None]
        if len(found) < len(intents):
            return [Event("not-recognized", _spoken("Home Assistant has no intent for that.", context))]
        events = [
            Event(
                "intent",
                {
                    "name": intent.name,
                    "entities": [{"name": name, "value": value} for name, value in intent.slots.items()],
                    "text": None,
                    "context": dict(context),
                },
            )
            for intent in found
        ]
        if len(events) == 1:
            return events
        return [Event("intents-start", {"context": dict(context)}), *events, Event("intents-stop")]


def _spoken(text: str, context: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": text, "context": dict(context)}
