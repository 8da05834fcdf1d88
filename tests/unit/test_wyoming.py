from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from edgeassist.config import WyomingConfig
from edgeassist.errors import BusError
from edgeassist.messages import Call
from edgeassist.wyoming.announce import Announcement
from edgeassist.wyoming.hass import hass_intent
from edgeassist.wyoming.hearing import Recognition
from edgeassist.wyoming.server import WyomingServer
from tests.support.ear import LIGHT_ON, UNLOCK, ScriptedEar
from tests.unit.test_listener import FixedRecogniser


@contextmanager
def server(ear: ScriptedEar, **config: Any) -> Iterator[WyomingServer]:
    running = WyomingServer(WyomingConfig(enabled=True, port=0, **config), ear)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def say(port: int, *lines: bytes) -> list[dict[str, Any]]:
    """Raw bytes in, the events that come back until the server has answered a ping behind them."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, connection.makefile("rb") as reader:
        connection.sendall(b"".join(lines) + b'{"type": "ping", "data": {"text": "last"}}\n')
        events: list[dict[str, Any]] = []
        while header := reader.readline():
            event = json.loads(header)
            if length := event.get("data_length"):
                event["data"] = json.loads(reader.read(length))
            if event["type"] == "pong":
                return events
            events.append(event)
    return [*events, {"type": "closed"}]


def transcript(text: str, **context: str) -> bytes:
    return json.dumps({"type": "transcript", "data": {"text": text, "context": context}}).encode() + b"\n"


def test_transcript_is_handled_and_acted_on() -> None:
    ear = ScriptedEar()
    with server(ear) as running:
        (event,) = say(running.port, transcript("turn on the hall light"))
    assert (event["type"], event["data"]["text"]) == ("handled", "Done.")
    assert ear.acted == [LIGHT_ON]


def test_data_behind_the_line_is_read_as_well() -> None:
    data = json.dumps({"text": "turn on the hall light"}).encode()
    line = json.dumps({"type": "recognize", "data_length": len(data)}).encode() + b"\n"
    with server(ScriptedEar()) as running:
        (event,) = say(running.port, line + data)
    assert event["type"] == "handled"


def test_unknown_text_is_not_handled() -> None:
    with server(ScriptedEar()) as running:
        (event,) = say(running.port, transcript("nice weather"))
    assert event["type"] == "not-handled"


def test_yes_in_the_same_conversation_confirms_and_in_another_does_not() -> None:
    ear = ScriptedEar()
    with server(ear) as running:
        question, other, done = say(
            running.port,
            transcript("unlock the front door", conversation_id="c1"),
            transcript("yes", conversation_id="c2"),
            transcript("Yes.", conversation_id="c1"),
        )
    assert question["data"] == {"text": "Shall I unlock Front Door?", "context": {"conversation_id": "c1"}}
    assert (other["type"], done["type"]) == ("not-handled", "handled")
    assert ear.acted == [UNLOCK]


def test_satellite_becomes_the_room_through_the_map() -> None:
    ear = ScriptedEar()
    with server(ear, rooms={"sat-1": "Hall"}) as running:
        say(running.port, transcript("turn on the hall light", satellite_id="sat-1"))
    assert ear.heard[0].room == "Hall"


def test_intent_role_gives_one_intent_and_does_nothing_itself() -> None:
    ear = ScriptedEar()
    with server(ear, role="intent") as running:
        (event,) = say(running.port, transcript("turn on the hall light"))
    assert (event["type"], event["data"]["name"]) == ("intent", "HassTurnOn")
    assert event["data"]["entities"] == [{"name": "name", "value": "Hall Light"}]
    assert ear.acted == []


def test_intent_role_gives_several_commands_between_start_and_stop() -> None:
    with server(ScriptedEar(), role="intent") as running:
        events = say(running.port, transcript("turn on the hall light and dim the kitchen to 30 percent"))
    assert [event["type"] for event in events] == ["intents-start", "intent", "intent", "intents-stop"]
    assert events[2]["data"]["name"] == "HassLightSet"
    assert {"name": "brightness", "value": 30} in events[2]["data"]["entities"]


def test_intent_role_keeps_what_would_ask_first_unless_told_otherwise() -> None:
    with server(ScriptedEar(), role="intent") as running:
        (event,) = say(running.port, transcript("unlock the front door"))
    assert event["type"] == "not-recognized"
    with server(ScriptedEar(), role="intent", intent_risky=True) as running:
        (event,) = say(running.port, transcript("unlock the front door"))
    assert (event["type"], event["data"]["name"]) == ("intent", "HassTurnOff")


def test_what_home_assistant_has_no_intent_for_is_not_recognized() -> None:
    with server(ScriptedEar(), role="intent") as running:
        (event,) = say(running.port, transcript("make it brighter"))
    assert event["type"] == "not-recognized"


@pytest.mark.parametrize(("function", "intent"), [("lock", "HassTurnOn"), ("unlock", "HassTurnOff")])
def test_lock_is_turn_on_and_unlock_is_turn_off(function: str, intent: str) -> None:
    found = hass_intent(Call(function, {"name": "Front Door"}))
    assert found is not None
    assert (found.name, found.slots) == (intent, {"name": "Front Door", "domain": "lock"})


def test_hours_minutes_and_seconds_of_a_timer_are_taken_apart() -> None:
    found = hass_intent(Call("start_timer", {"seconds": 5405, "label": "tea"}))
    assert found is not None
    assert found.slots == {"hours": 1, "minutes": 30, "seconds": 5, "name": "tea"}


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\n",
        b"[]\n",
        b'{"data": {}}\n',
        b'{"type": "ping", "data_length": -1}\n',
        b'{"type":"x","payload_length":9999999}\n',
        b"{" * 70_000 + b"\n",
    ],
)
def test_malformed_event_closes_its_connection_and_no_other(line: bytes) -> None:
    with server(ScriptedEar()) as running:
        assert say(running.port, line) == [{"type": "closed"}]
        assert say(running.port, transcript("turn on the hall light"))[0]["type"] == "handled"


def test_text_that_is_no_command_is_an_error_event_and_the_connection_stays() -> None:
    with server(ScriptedEar()) as running:
        events = say(running.port, b'{"type": "transcript", "data": {"text": 5}}\n', transcript("lock the front door"))
    assert [event["type"] for event in events] == ["error", "handled"]


def test_port_that_is_taken_is_an_error_with_the_address() -> None:
    with server(ScriptedEar()) as running:
        second = WyomingServer(WyomingConfig(enabled=True, port=running.port), ScriptedEar())
        with pytest.raises(BusError, match=f"127.0.0.1:{running.port}"):
            second.start()


@pytest.mark.filterwarnings("ignore:.audioop.:DeprecationWarning")
def test_published_client_reads_info_pong_and_handled() -> None:
    client_module = pytest.importorskip("wyoming.client", reason="the package wyoming is not installed")
    from wyoming.asr import Transcript
    from wyoming.handle import Handled
    from wyoming.info import Describe, Info
    from wyoming.ping import Ping, Pong

    async def talk(port: int) -> tuple[Any, Any, Any]:
        async with client_module.AsyncTcpClient("127.0.0.1", port) as client:
            answers = []
            for event in (Describe(), Ping(text="7"), Transcript(text="turn on the hall light", language="en")):
                await client.write_event(event.event())
                answers.append(await client.read_event())
        return answers[0], answers[1], answers[2]

    with server(ScriptedEar()) as running:
        described, ponged, handled = asyncio.run(talk(running.port))
    info = Info.from_event(described)
    assert [program.name for program in info.handle] == ["edgeassist"]
    assert info.handle[0].models[0].languages == ["en"]
    assert not info.intent
    assert Pong.from_event(ponged).text == "7"
    assert Handled.from_event(handled).text == "Done."


def test_published_client_reads_several_intents() -> None:
    client_module = pytest.importorskip("wyoming.client", reason="the package wyoming is not installed")
    from wyoming.asr import Transcript
    from wyoming.intent import Intent, IntentsStart, IntentsStop

    async def talk(port: int) -> list[Any]:
        async with client_module.AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(
                Transcript(text="turn on the hall light and dim the kitchen to 30 percent").event()
            )
            return [await client.read_event() for _ in range(4)]

    with server(ScriptedEar(), role="intent") as running:
        events = asyncio.run(talk(running.port))
    assert IntentsStart.is_type(events[0].type)
    assert [Intent.from_event(event).name for event in events[1:3]] == ["HassTurnOn", "HassLightSet"]
    assert IntentsStop.is_type(events[3].type)


@pytest.mark.filterwarnings("ignore:.audioop.:DeprecationWarning")
def test_published_client_has_its_speech_transcribed() -> None:
    client_module = pytest.importorskip("wyoming.client", reason="the package wyoming is not installed")
    from wyoming.asr import Transcribe, Transcript
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.info import Describe, Info

    recogniser = FixedRecogniser("turn on the hall light")
    sound = bytes(range(256)) * 5
    spoken = (
        Transcribe(language="en"),
        AudioStart(rate=16_000, width=2, channels=1),
        AudioChunk(rate=16_000, width=2, channels=1, audio=sound),
        AudioStop(),
    )

    async def talk(port: int) -> tuple[Any, Any]:
        async with client_module.AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Describe().event())
            described = await client.read_event()
            for event in spoken:
                await client.write_event(event.event())
            return described, await client.read_event()

    running = WyomingServer(WyomingConfig(enabled=True, port=0), ScriptedEar(), Recognition(recogniser))
    running.start()
    try:
        described, heard = asyncio.run(talk(running.port))
    finally:
        running.stop()
    assert [program.name for program in Info.from_event(described).asr] == ["edgeassist"]
    assert Transcript.from_event(heard).text == "turn on the hall light"
    assert b"".join(recogniser.frames) == sound


def test_announcement_is_found_on_the_network() -> None:
    zeroconf = pytest.importorskip("zeroconf", reason="the package zeroconf is not installed")
    announcement = Announcement("test.node", 10_701)
    announcement.start()
    try:
        browser = zeroconf.Zeroconf()
        info = browser.get_service_info("_wyoming._tcp.local.", "edgeassist-test-node._wyoming._tcp.local.", 3000)
        browser.close()
        assert info is not None
        assert info.port == 10_701
    finally:
        announcement.stop()
        announcement.stop()
