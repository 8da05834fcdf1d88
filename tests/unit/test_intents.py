"""Intents from bytes, results to bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.bus.intents import parse_intent, render_result
from edgeassist.errors import IntentError
from edgeassist.messages import Call, CallResult, Outcome, Reply, Result, Status, Utterance

NOW = 1000.0


def parse(payload: bytes | str | dict[str, Any], **more: Any) -> Utterance:
    if isinstance(payload, dict):
        payload = json.dumps(payload)
    raw = payload.encode() if isinstance(payload, str) else payload
    return parse_intent(raw, now=NOW, default_deadline_s=5.0, **more)


def reason(payload: bytes | str | dict[str, Any], **more: Any) -> IntentError:
    with pytest.raises(IntentError) as caught:
        parse(payload, **more)
    return caught.value


def test_plain_text_is_an_intent_with_a_generated_id() -> None:
    first, second = parse("turn on the lamp\n"), parse("turn on the lamp")
    assert first.text == "turn on the lamp"
    assert first.deadline == NOW + 5.0
    assert len(first.id) == 32
    assert first.id != second.id


def test_json_with_every_key_is_taken_whole() -> None:
    document = {
        "text": "licht an, bitte: küche",
        "id": "01HX",
        "room": "Küche",
        "source": "cli",
        "dry_run": True,
        "reply_to": "answers/7",
        "deadline_ms": 1500,
    }
    assert parse(document) == Utterance(
        "01HX", "licht an, bitte: küche", NOW + 1.5, "Küche", "cli", True, Reply("answers/7")
    )


def test_null_for_an_optional_key_is_its_absence() -> None:
    nothing = dict.fromkeys(("id", "room", "source", "dry_run", "reply_to", "deadline_ms"))
    utterance = parse({"text": "hi", **nothing})
    assert utterance == Utterance(utterance.id, "hi", NOW + 5.0)


def test_json_after_white_space_is_json() -> None:
    assert parse('\r\n {"text": "hi"}').text == "hi"


def test_text_with_line_breaks_is_one_line() -> None:
    assert parse("turn on\r\n\tthe  lamp").text == "turn on the lamp"


def test_byte_order_mark_is_dropped() -> None:
    assert parse(b"\xef\xbb\xbfhello").text == "hello"


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xff\xfe", "UTF-8: byte 0xff at 0"),
        (b"\xed\xa0\x80", "UTF-8"),
        (b"turn\0on", "U+0000"),
        (b"\x1b[31mred", "U+001B"),
        (b"a\x0bb", "U+000B"),
        ("a\u0085b", "U+0085"),
        ('{"text": "\\ud800"}', "U+D800"),
        ('{"text": "a\\u0000"}', "U+0000"),
        ("x" * 4097, "4097 bytes"),
        ("{", "JSON"),
        ('{"text": "a"} b', "JSON"),
        ('{"text": "a", "text": "b"}', "twice"),
        ('{"text": NaN}', "NaN"),
        ('{"text": "a", "deadline_ms": Infinity}', "Infinity"),
        ('{"text": "a", "deadline_ms": -Infinity}', "-Infinity"),
        ('{"text": "a", "deadline_ms": 1' + "0" * 3000 + "}", "digits"),
        ('{"text": "a", "deadline_ms": 1e999}', "whole number"),
        ('{"text": ' + "[" * 4000, "nested"),
        ('{"text": ' + '{"a":' * 600 + "1" + "}" * 600 + "}", "nested"),
        ({}, "text: is missing"),
        ({"text": None}, "text: is missing"),
        ({"text": 5}, "text: must be text, not a number"),
        ({"text": ["a"]}, "text: must be text, not a list"),
        ({"text": ""}, "text: is empty"),
        ({"text": "a", "extra": 1}, "unknown key 'extra'"),
        ({"text": "a", "room": 5}, "room: must be text"),
        ({"text": "a", "room": "x" * 65}, "room: 65 characters"),
        ({"text": "a", "source": "\x1b"}, "source: holds"),
        ({"text": "a", "dry_run": 1}, "dry_run"),
        ({"text": "a", "dry_run": "yes"}, "dry_run"),
        ({"text": "a", "deadline_ms": 0}, "deadline_ms = 0"),
        ({"text": "a", "deadline_ms": -5}, "deadline_ms = -5"),
        ({"text": "a", "deadline_ms": 600_001}, "deadline_ms"),
        ({"text": "a", "deadline_ms": True}, "deadline_ms"),
        ({"text": "a", "deadline_ms": 1.5}, "deadline_ms"),
    ],
)
def test_malformed_intent_is_rejected_with_its_reason(payload: bytes | str | dict[str, Any], word: str) -> None:
    assert word in str(reason(payload))


@pytest.mark.parametrize("bad_id", ["", "x" * 129, "a/b", "a+", "#", "a\nb", "\0", 5, ["a"]])
def test_unusable_id_is_rejected_under_a_generated_one(bad_id: object) -> None:
    error = reason({"text": "a", "id": bad_id})
    assert str(error).startswith("id: ")
    assert error.intent_id is not None
    assert len(error.intent_id) == 32


@pytest.mark.parametrize(
    "topic",
    ["", "a/+", "a/#", "a\0b", "$SYS/x", "$share/a/b", "edgeassist/any/intent", "edgeassist/pi/intent",
     "edgeassist/pi/status", "edgeassist/pi/confirm/1", "\ud800", "x" * 513, 5, ["a"]],
)  # fmt: skip
def test_reply_to_that_no_answer_may_go_to_is_rejected(topic: object) -> None:
    error = reason({"text": "a", "id": "7", "reply_to": topic})
    assert str(error).startswith("reply_to: ")
    assert (error.intent_id, error.reply.topic) == ("7", None)


def test_rejected_intent_keeps_its_id_and_address() -> None:
    error = reason({"text": "", "id": "7", "reply_to": "answers/7"}, correlation=b"\xff\0")
    assert error.intent_id == "7"
    assert error.reply == Reply("answers/7", b"\xff\0")


def test_unreadable_intent_keeps_the_response_topic() -> None:
    assert reason(b"\xff", response_topic="r/1", correlation=b"c").reply == Reply("r/1", b"c")


def test_response_topic_wins_over_reply_to() -> None:
    utterance = parse({"text": "a", "reply_to": "json/1"}, response_topic="mqtt5/1", correlation=b"\0\x01")
    assert utterance.reply == Reply("mqtt5/1", b"\0\x01")


def test_response_topic_on_an_intent_topic_is_rejected() -> None:
    error = reason("a", response_topic="edgeassist/pi/intent")
    assert "response topic" in str(error)
    assert error.reply.topic is None


def test_message_expiry_only_shortens_the_deadline() -> None:
    assert parse("a", expiry_s=2).deadline == NOW + 2
    assert parse("a", expiry_s=60).deadline == NOW + 5


def test_braces_and_quotes_in_text_do_not_count_as_nesting() -> None:
    text = '{[{[ "quoted\\" {{{{'
    assert parse({"text": text}).text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_an_utterance_or_an_intent_error(payload: bytes) -> None:
    _total(payload)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(["text", "id", "room", "source", "dry_run", "reply_to", "deadline_ms", "other"])


@given(st.dictionaries(_KEYS, _JSON, max_size=8), st.text() | st.none(), st.binary() | st.none())
def test_any_json_object_is_an_utterance_or_an_intent_error(
    document: dict[str, Any], response_topic: str | None, correlation: bytes | None
) -> None:
    _total(json.dumps(document).encode(), response_topic, correlation)


@given(st.text(alphabet='{}[]":,\\u0 \tx1eE+-.', max_size=200))
def test_any_near_json_is_an_utterance_or_an_intent_error(text: str) -> None:
    _total(b"{" + text.encode())


def _total(payload: bytes, response_topic: str | None = None, correlation: bytes | None = None) -> None:
    try:
        utterance = parse(payload, response_topic=response_topic, correlation=correlation)
    except IntentError as error:
        _answerable(error)
        return
    assert utterance.text
    assert "\0" not in utterance.text + utterance.id + (utterance.room or "") + utterance.source
    assert NOW < utterance.deadline <= NOW + 600


def _answerable(error: IntentError) -> None:
    assert str(error).isprintable()
    assert error.intent_id


def test_result_is_the_contracts_json() -> None:
    call = Call("set_light", {"name": "küche", "brightness": 40.0, "color_temp": 2700}, ("light.a",))
    result = Result(
        "7", "licht", Outcome.DONE, (CallResult(call, Status.VERIFIED),), "Küche auf 40 %.", 0.98765432, "model",
        {"total": 123.456, "decode": 100.0},
    )  # fmt: skip
    raw = render_result(result, "pi", "m1")
    assert "Küche auf 40 %".encode() in raw
    assert json.loads(raw) == {
        "id": "7",
        "text": "licht",
        "outcome": "done",
        "calls": [
            {
                "name": "set_light",
                "arguments": {"name": "küche", "brightness": 40, "color_temp": 2700},
                "targets": ["light.a"],
                "status": "verified",
            }
        ],
        "say": "Küche auf 40 %.",
        "confidence": 0.9877,
        "node": "pi",
        "model": "m1",
        "path": "model",
        "timing_ms": {"total": 123.5, "decode": 100},
    }


def test_result_with_what_json_cannot_say_is_still_strict_json() -> None:
    call = CallResult(Call("f", {"x": float("nan"), "y": [float("inf")]}), Status.FAILED, "half \ud800")
    result = Result("7", "t", Outcome.FAILED, (call,), confidence=float("nan"))
    document = json.loads(render_result(result, "pi", "m"))
    assert document["confidence"] is None
    assert document["calls"][0]["arguments"] == {"x": None, "y": [None]}
    assert document["calls"][0]["error"] == "half ?"
