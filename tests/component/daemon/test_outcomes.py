"""Each outcome of the contract, by MQTT, from a daemon whose reader follows a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeassist import execute
from edgeassist.confirmations import hash_pin
from edgeassist.errors import DeadlineExceeded
from edgeassist.simulate.demo import running
from tests.support.broker import Mosquitto
from tests.support.daemons import BASE, AnnouncedHome, ScriptedDaemon, config_for, knows_the_home, until

RESULT = {"id", "text", "outcome", "calls", "say", "confidence", "node", "model", "path", "timing_ms"}


@pytest.fixture(scope="module")
def daemon(
    broker: Mosquitto, home: AnnouncedHome, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ScriptedDaemon]:
    folder = tmp_path_factory.mktemp("daemon")
    rules = [{"verdict": "deny", "devices": ["Horn"]}]
    config = config_for(folder, broker.port, policy={"rules": rules}, intent={"queue": 4})
    made = ScriptedDaemon(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "VERIFY_DEFAULT_S", 0.5)
        with running(made):
            knows_the_home(made)
            yield made


@pytest.fixture(autouse=True)
def quiet(daemon: ScriptedDaemon, home: AnnouncedHome) -> None:
    """Each test starts with nothing heard."""
    home.settled()
    home.heard.clear()


def confirm(home: AnnouncedHome, id_: str, answer: str | bytes) -> None:
    home.publish(f"{BASE}/confirm/{id_}", answer)


def _held(hold: threading.Event, _model: object) -> None:
    hold.wait(0.05)


def test_done_has_every_key_and_its_command_is_not_retained(home: AnnouncedHome) -> None:
    id_ = home.ask("on lamp")
    (result,) = home.results(id_)
    assert set(result) == RESULT
    assert (result["id"], result["text"], result["outcome"], result["node"]) == (id_, "on lamp", "done", "pi")
    assert result["calls"] == [
        {"name": "turn_on", "arguments": {"name": "Lamp"}, "targets": ["light.lamp"], "status": "verified"}
    ]
    (command,) = home.commands()
    assert (command.topic, command.payload, command.retain) == ("dev/lamp/set", b"ON", False)


def test_device_without_a_state_topic_is_sent(home: AnnouncedHome) -> None:
    result = home.result("on kettle")
    assert (result["outcome"], result["calls"][0]["status"]) == ("done", "sent")


def test_silent_device_is_a_timeout(home: AnnouncedHome) -> None:
    result = home.result("on lamp; on dumb lamp")
    assert result["outcome"] == "partial"
    assert [call["status"] for call in result["calls"]] == ["verified", "timeout"]
    assert "Dumb Lamp" in result["calls"][1]["error"]


def test_offline_device_is_failed(home: AnnouncedHome) -> None:
    result = home.result("on gone plug")
    assert (result["outcome"], result["calls"][0]["status"]) == ("failed", "failed")
    assert home.commands() == []


def test_plain_text_is_an_intent_and_gets_an_id(home: AnnouncedHome) -> None:
    home.publish(f"{BASE}/intent", "on lamp")
    (heard,) = home.wait_for(f"{BASE}/action")
    result = json.loads(heard.payload)
    assert result["outcome"] == "done"
    assert len(result["id"]) >= 8


def test_shared_topic_is_an_intent_too(home: AnnouncedHome) -> None:
    assert home.results(home.ask("on lamp", "edgeassist/any/intent"))[0]["outcome"] == "done"


@pytest.mark.parametrize(
    ("text", "more", "outcome"),
    [
        ("none", {}, "not_understood"),
        ("on lights here", {}, "not_understood"),
        ("on horn", {}, "denied"),
        ("on horn", {"dry_run": True}, "denied"),
        ("on lamp", {"dry_run": True}, "dry_run"),
        ("unlock front door", {"dry_run": True}, "dry_run"),
        ("on lamp", {"deadline_ms": 1}, "expired"),
        ("late", {}, "expired"),
        ("bug", {}, "failed"),
    ],
)
def test_silent_outcome_publishes_to_no_device(
    daemon: ScriptedDaemon, home: AnnouncedHome, text: str, more: dict[str, Any], outcome: str
) -> None:
    daemon.reader.script |= {"late": DeadlineExceeded("too late"), "bug": RuntimeError("a bug")}
    hold = threading.Event()
    if "deadline_ms" in more:

        def occupy(_reader: object) -> None:
            hold.wait(0.05)

        daemon._worker.submit(occupy)
    result = home.result(text, **more)
    home.settled()
    assert result["outcome"] == outcome
    assert result["say"]
    assert home.commands() == []


def test_yes_carries_out_what_waits(home: AnnouncedHome) -> None:
    id_ = home.ask("unlock front door")
    first = home.results(id_)[0]
    assert (first["outcome"], first["calls"][0]["status"]) == ("confirm", "confirm")
    (question,) = home.wait_for(f"{BASE}/confirm")
    asked = json.loads(question.payload)
    assert set(asked) == {"id", "text", "prompt", "calls", "expires_s"}
    assert (asked["id"], question.retain) == (id_, False)
    assert home.commands() == []
    confirm(home, id_, "yes")
    second = home.results(id_, 2)[1]
    assert (second["outcome"], second["calls"][0]["status"]) == ("done", "verified")
    assert [heard.payload for heard in home.commands()] == [b"UNLOCK"]


def test_no_is_denied_and_commands_nothing(home: AnnouncedHome) -> None:
    id_ = home.ask("open garage door")
    home.results(id_)
    confirm(home, id_, b'{"answer": "no"}')
    second = home.results(id_, 2)[1]
    assert (second["outcome"], second["calls"][0]["status"]) == ("denied", "denied")
    assert home.commands() == []


def test_second_yes_and_yes_for_another_id_do_nothing(home: AnnouncedHome) -> None:
    id_ = home.ask("unlock front door")
    home.results(id_)
    confirm(home, "another", "yes")
    confirm(home, id_, "maybe")
    home.publish(f"{BASE}/confirm/{id_}", "yes", retain=True)
    confirm(home, id_, "yes")
    home.results(id_, 2)
    home.settled()
    assert len(home.commands()) == 1
    assert len(home.results(id_, 2)) == 2
    home.publish(f"{BASE}/confirm/{id_}", b"", retain=True)


def test_id_that_waits_for_a_yes_is_not_asked_again(home: AnnouncedHome) -> None:
    id_ = home.ask("unlock front door")
    home.results(id_)
    home.ask("unlock front door", id=id_)
    home.ask("open garage door", id=id_)
    outcomes = [result["outcome"] for result in home.results(id_, 3)]
    assert outcomes == ["confirm", "duplicate", "rejected"]
    confirm(home, id_, "yes")
    assert home.results(id_, 4)[3]["calls"][0]["name"] == "unlock"
    assert [heard.topic for heard in home.commands()] == ["dev/front/set"]


def test_same_id_twice_is_a_duplicate_with_the_first_result(home: AnnouncedHome) -> None:
    id_ = home.ask("toggle lamp")
    first = home.results(id_)[0]
    home.ask("toggle lamp", id=id_)
    second = home.results(id_, 2)[1]
    assert second == {**first, "outcome": "duplicate"}
    home.settled()
    assert len(home.commands()) == 1


def test_same_id_for_other_words_is_rejected(home: AnnouncedHome) -> None:
    id_ = home.ask("on lamp")
    home.results(id_)
    home.ask("off lamp", id=id_)
    assert home.results(id_, 2)[1]["outcome"] == "rejected"


def test_too_many_at_once_are_overloaded_and_each_gets_an_answer(daemon: ScriptedDaemon, home: AnnouncedHome) -> None:
    held, begun = threading.Event(), threading.Event()

    def block(_model: object) -> None:
        begun.set()
        held.wait(10)

    assert daemon._worker.submit(block)
    assert begun.wait(10)
    ids = [home.ask("on lamp") for _ in range(10)]
    until(lambda: sum(b'"overloaded"' in heard.payload for heard in list(home.heard)) == 6, "six did not fit")
    held.set()
    outcomes = [home.results(id_)[0]["outcome"] for id_ in ids]
    assert outcomes == ["done"] * 4 + ["overloaded"] * 6


def test_question_reads_and_commands_nothing(home: AnnouncedHome) -> None:
    home.result("lock front door")
    home.heard.clear()
    result = home.result("is front door")
    assert (result["outcome"], result["say"]) == ("done", "The Front Door is locked.")
    assert home.commands() == []


def test_pin_is_asked_for_where_one_is_set(
    daemon: ScriptedDaemon, home: AnnouncedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon._confirmations, "_pin_hash", hash_pin("1234"))
    id_ = home.ask("unlock front door")
    home.results(id_)
    confirm(home, id_, "yes")
    confirm(home, id_, '{"answer": "yes", "pin": "4321"}')
    questions = home.wait_for(f"{BASE}/confirm", count=3, timeout=15)
    prompts = [json.loads(question.payload)["prompt"] for question in questions]
    assert prompts[1].startswith("This needs a PIN; 2 more tries.")
    assert prompts[2].startswith("That PIN is wrong; 1 more try.")
    home.settled()
    assert home.commands() == []
    confirm(home, id_, '{"answer": "yes", "pin": "1234"}')
    assert home.results(id_, 2)[1]["outcome"] == "done"


def test_question_that_nobody_answers_expires(broker: Mosquitto, home: AnnouncedHome, tmp_path: Path) -> None:
    config = config_for(tmp_path, broker.port, node="other", policy={"confirm_expires_s": 0.2})
    other = ScriptedDaemon(config)
    home.subscribe("edgeassist/other/#")
    with running(other):
        knows_the_home(other)
        id_ = home.ask("unlock front door", "edgeassist/other/intent")
        outcomes = [found["outcome"] for found in home.results(id_, 2, "edgeassist/other/action")]
        home.publish(f"edgeassist/other/confirm/{id_}", "yes")
        home.ask("none", "edgeassist/other/intent")
    assert outcomes == ["confirm", "expired"]
    assert home.commands() == []
