from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeassist.bus.values import Incoming
from edgeassist.config import HermesConfig
from edgeassist.hermes import CAPTURED, QUERY, Hermes
from tests.support.ear import LAMP_30, LIGHT_ON, UNLOCK, ScriptedEar

_ENDED = "hermes/dialogueManager/sessionEnded"
_CONTINUE = "hermes/dialogueManager/continueSession"
_END = "hermes/dialogueManager/endSession"


class Rig:
    def __init__(self, **config: Any) -> None:
        self.ear = ScriptedEar()
        self.out: list[tuple[str, dict[str, Any]]] = []
        self.hermes = Hermes(
            HermesConfig(enabled=True, **config),
            self.ear,
            lambda topic, payload: self.out.append((topic, json.loads(payload))),
        )

    def send(self, topic: str, document: Any, *, retain: bool = False) -> None:
        payload = document if isinstance(document, bytes) else json.dumps(document).encode()
        assert self.hermes.deliver(Incoming(topic, payload, retain=retain))

    def query(self, text: str, **more: Any) -> None:
        self.send(QUERY, {"input": text, "siteId": "hall-satellite", "sessionId": "s1", "id": "q1", **more})

    def on(self, topic: str) -> list[dict[str, Any]]:
        return [document for name, document in self.out if name == topic]

    @property
    def topics(self) -> list[str]:
        return [topic for topic, _ in self.out]


def test_query_gives_an_intent_with_slots_and_its_ids_echoed() -> None:
    rig = Rig()
    rig.query("turn on the hall light", asrConfidence=0.7)
    (intent,) = rig.on("hermes/intent/turn_on")
    assert (intent["id"], intent["siteId"], intent["sessionId"]) == ("q1", "hall-satellite", "s1")
    assert intent["intent"] == {"intentName": "turn_on", "confidenceScore": 0.9}
    assert intent["asrConfidence"] == 0.7
    (slot,) = intent["slots"]
    assert (slot["slotName"], slot["value"]["value"], slot["rawValue"]) == ("name", "Hall Light", "Hall Light")
    assert "turn on the hall light"[slot["range"]["start"] : slot["range"]["end"]] == "hall light"
    assert rig.ear.acted == [LIGHT_ON]


def test_session_is_ended_with_what_became_of_it() -> None:
    rig = Rig()
    rig.query("turn on the hall light")
    assert rig.on(_END) == [{"sessionId": "s1", "text": "Done.", "customData": None}]
    assert not rig.on("hermes/tts/say")


def test_captured_text_without_a_session_is_answered_by_speech_on_its_site() -> None:
    rig = Rig()
    rig.send(CAPTURED, {"text": "Turn on the hall light", "likelihood": 0.8, "seconds": 1.2, "siteId": "den"})
    (said,) = rig.on("hermes/tts/say")
    assert (said["text"], said["siteId"]) == ("Done.", "den")
    assert rig.on("hermes/intent/turn_on")[0]["asrConfidence"] == 0.8


def test_same_text_as_captured_and_as_query_acts_once_and_answers_both() -> None:
    rig = Rig()
    rig.send(CAPTURED, {"text": "turn on the hall light", "siteId": "den", "sessionId": "s1"})
    rig.query("turn on the hall light")
    assert rig.ear.acted == [LIGHT_ON]
    assert [intent["id"] for intent in rig.on("hermes/intent/turn_on")][1] == "q1"


def test_several_commands_give_several_intents_in_order() -> None:
    rig = Rig(intent_prefix="ea_")
    rig.query("turn on the hall light and dim the kitchen to 30 percent")
    assert [topic for topic in rig.topics if "intent/" in topic] == [
        "hermes/intent/ea_turn_on",
        "hermes/intent/ea_set_light",
    ]
    assert rig.ear.acted == [LIGHT_ON, LAMP_30]


def test_unknown_text_is_not_recognized_and_leaves_the_session_to_its_manager() -> None:
    rig = Rig()
    rig.query("what a nice day")
    assert rig.out == [
        (
            "hermes/nlu/intentNotRecognized",
            {"input": "what a nice day", "id": "q1", "siteId": "hall-satellite", "sessionId": "s1"},
        )
    ]


@pytest.mark.parametrize(("answer", "acted"), [("yes", [UNLOCK]), ("Yes, please.", [UNLOCK]), ("no", [])])
def test_risky_command_continues_the_session_and_acts_on_a_yes_only(answer: str, acted: list[Any]) -> None:
    rig = Rig()
    rig.query("unlock the front door")
    (question,) = rig.on(_CONTINUE)
    assert (question["sessionId"], question["text"]) == ("s1", "Shall I unlock Front Door?")
    assert rig.ear.acted == []
    rig.query(answer, id="q2")
    assert rig.ear.acted == acted
    assert rig.on(_END)


def test_question_of_one_session_is_not_answered_by_another() -> None:
    rig = Rig()
    rig.query("unlock the front door")
    rig.query("yes", sessionId="s2")
    assert rig.ear.acted == []
    assert rig.topics[-1] == "hermes/nlu/intentNotRecognized"


@pytest.mark.parametrize("termination", ["timeout", {"reason": "abortedByUser"}])
def test_session_that_ends_leaves_no_question_behind(termination: object) -> None:
    rig = Rig()
    rig.query("unlock the front door")
    rig.send(_ENDED, {"sessionId": "s1", "siteId": "hall-satellite", "termination": termination})
    rig.query("yes")
    assert rig.ear.acted == []


def test_site_becomes_the_room_through_the_map() -> None:
    rig = Rig(rooms={"hall-satellite": "Hall"})
    rig.query("turn on the hall light")
    rig.query("turn on the hall light", siteId="default", sessionId="s9")
    assert [utterance.room for utterance in rig.ear.heard] == ["Hall", None]


def test_intent_outside_the_filter_is_not_recognized_and_not_done() -> None:
    rig = Rig()
    rig.query("turn on the hall light", intentFilter=["lock"])
    assert rig.ear.acted == []
    assert rig.topics[0] == "hermes/nlu/intentNotRecognized"
    rig.query("turn on the hall light", intentFilter=["turn_on"], sessionId="s2")
    assert rig.ear.acted == [LIGHT_ON]


def test_without_acting_intents_are_announced_only() -> None:
    rig = Rig(act=False)
    rig.query("unlock the front door")
    assert rig.topics == ["hermes/intent/unlock"]
    assert rig.ear.acted == []


def test_retained_query_is_ignored() -> None:
    rig = Rig()
    rig.send(QUERY, {"input": "turn on the hall light"}, retain=True)
    assert rig.out == []
    assert rig.ear.heard == []


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff\xfe",
        b"[]",
        b"{",
        b'{"input": 5}',
        b"{}",
        b'{"input": "a", "siteId": 7}',
        b'{"input": "a\\u0000"}',
        b"[" * 5000,
    ],
)
def test_malformed_query_is_answered_with_an_error(payload: bytes) -> None:
    rig = Rig()
    rig.send(QUERY, payload)
    assert rig.topics == ["hermes/error/nlu"]
    assert rig.ear.heard == []


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["input", "siteId", "sessionId", "id", "intentFilter"]),
        st.none() | st.text() | st.integers() | st.lists(st.text()),
    )
)
def test_any_query_is_survived(document: dict[str, Any]) -> None:
    Rig().send(QUERY, document)


def test_messages_are_read_by_the_published_client() -> None:
    nlu = pytest.importorskip("rhasspyhermes.nlu", reason="the package rhasspy-hermes is not installed")
    intent_module = pytest.importorskip("rhasspyhermes.dialogue")
    rig = Rig()
    rig.query("turn on the hall light")
    rig.query("unlock the front door", sessionId="s2")
    intent = nlu.NluIntent.from_dict(rig.on("hermes/intent/turn_on")[0])
    assert intent.intent.intent_name == "turn_on"
    assert intent.slots[0].value["value"] == "Hall Light"
    question = intent_module.DialogueContinueSession.from_dict(rig.on(_CONTINUE)[0])
    assert question.session_id == "s2"
