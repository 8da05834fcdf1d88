"""The checker of MQTT logs finds what it is there to find."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invariants
from tests.support.bus_client import Heard

BASE = "edgeassist/pi"


def topic_of(target: str) -> str:
    return f"dev/{target}"


def heard(topic: str, payload: str, *, retain: bool = False) -> Heard:
    return Heard(topic, payload.encode(), 1, retain)


def result(id_: str, outcome: str, *calls: tuple[str, str, str]) -> Heard:
    document: dict[str, Any] = dict.fromkeys(invariants.KEYS, "")
    spelled = [{"name": name, "arguments": {}, "targets": [target], "status": status} for name, target, status in calls]
    return heard(f"{BASE}/action", json.dumps({**document, "id": id_, "outcome": outcome, "calls": spelled}))


def obeys(*heard_: Heard) -> None:
    ids = [json.loads(each.payload)["id"] for each in heard_ if each.topic == f"{BASE}/action"]
    log = [*(heard(f"{BASE}/intent", json.dumps({"id": id_})) for id_ in dict.fromkeys(ids)), *heard_]
    invariants.check(log)
    invariants.check_devices(log, [BASE], topic_of)


ON = heard("dev/lamp", "ON")
DONE = result("a", "done", ("turn_on", "lamp", "verified"))
ASKED = result("a", "confirm", ("unlock", "door", "confirm"))
OPENED = result("a", "done", ("unlock", "door", "verified"))
YES = heard(f"{BASE}/confirm/a", "yes")
UNLOCK = heard("dev/door", "UNLOCK")


def test_log_that_obeys_the_contract_passes() -> None:
    obeys(ON, DONE, result("b", "denied", ("unlock", "door", "denied")), result("c", "not_understood"))
    obeys(ASKED, YES, UNLOCK, OPENED)
    obeys(ON, heard("dev/fan", "ON"), result("a", "done", ("turn_on", "lamp", "sent"), ("turn_on", "fan", "sent")))


@pytest.mark.parametrize(
    "log",
    [
        (ON, DONE, result("a", "failed")),
        (ON, DONE, ON),
        (ON, result("a", "denied", ("turn_on", "lamp", "denied"))),
        (ON, result("a", "denied", ("turn_on", "lamp", "verified"))),
        (result("a", "not_understood", ("turn_on", "lamp", "failed")),),
        (result("a", "done", ("turn_on", "lamp", "failed")),),
        (result("a", "nonsense"),),
        (ASKED, UNLOCK, YES, OPENED),
        (UNLOCK, OPENED),
        (ASKED, heard(f"{BASE}/confirm/a", "no"), OPENED),
        (OPENED, ASKED),
        (heard("dev/lamp", "ON", retain=True), DONE),
        (
            heard("dev/fan", "ON"),
            ON,
            result("a", "done", ("turn_on", "lamp", "sent"), ("turn_on", "fan", "sent")),
        ),
        (heard(f"{BASE}/status", "somewhere"),),
        (heard(f"{BASE}/action", '{"id": "a"}'),),
    ],
)
def test_log_that_breaks_it_is_found(log: tuple[Heard, ...]) -> None:
    with pytest.raises(AssertionError):
        obeys(*log)


def test_result_that_a_broken_connection_delivered_twice_is_one_result() -> None:
    broken = (heard(f"{BASE}/status", "offline"), heard(f"{BASE}/status", "online"))
    obeys(ON, DONE, *broken, DONE, result("a", "duplicate"))
    with pytest.raises(AssertionError, match="several outcomes"):
        obeys(ON, DONE, DONE)
    with pytest.raises(AssertionError, match="several outcomes"):
        obeys(ON, DONE, *broken, result("a", "failed"))


def test_intent_without_an_answer_is_found() -> None:
    with pytest.raises(AssertionError, match="never answered"):
        invariants.check([DONE], ["a", "b"])
