"""What becomes of an intent between its arrival and its acknowledgement, with a bus that only remembers."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.topics import Topics
from edgeassist.bus.values import Incoming, PublishHandle
from edgeassist.confirmations import Confirmations
from edgeassist.desk import Desk
from edgeassist.health import Counters
from edgeassist.household import Household
from edgeassist.journal import Journal
from edgeassist.messages import Reply
from edgeassist.pipeline import Pipeline
from edgeassist.policy import PolicyOptions
from edgeassist.worker import Reader, Worker
from tests.support.fakehome import FakeHome
from tests.support.homes import house
from tests.support.reading import FUNCTIONS, ScriptedReader

TOPICS = Topics("pi")


class FakeBus:
    """Takes everything; ``events`` keeps publications and acknowledgements in their order."""

    queued = 0

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.changed = threading.Condition()

    def publish(self, topic: str, payload: bytes, *, reply: Reply | None = None, **_: object) -> PublishHandle:
        self._note(topic, json.loads(payload))
        return PublishHandle()

    def ack(self, incoming: Incoming, after: PublishHandle | None = None) -> None:
        self._note("ack", incoming.mid)

    def _note(self, what: str, of: Any) -> None:
        with self.changed:
            self.events.append((what, of))
            self.changed.notify_all()

    def acked(self, *mids: int) -> list[dict[str, Any]]:
        """The results so far, once every one of these messages has been acknowledged."""

        def all_there() -> bool:
            return sorted(of for what, of in self.events if what == "ack") == sorted(mids)

        with self.changed:
            assert self.changed.wait_for(all_there, 10), self.events
            return [of for what, of in self.events if what == TOPICS.action]

    def results(self, count: int) -> list[dict[str, Any]]:
        """The results, once there are so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self._said()) >= count, 10), self.events
            return self._said()

    def _said(self) -> list[dict[str, Any]]:
        return [of for what, of in self.events if what == TOPICS.action]


class Place:
    def __init__(self, folder: Path) -> None:
        self.bus = FakeBus()
        self.home = FakeHome(house())
        self.reader = ScriptedReader(home=self.home.home)
        self.journal = Journal(folder / "journal.db")
        self.household = Household(folder / "household.json", lambda _timer: None)
        self.worker = Worker(lambda: self.reader, 4)
        self.confirmations = Confirmations(30)
        self.counters = Counters()
        self.desk = Desk(
            cast("MqttBus", self.bus), TOPICS, self.journal, self.worker, self.confirmations, self.counters,
            self.pipeline, deadline_s=30, max_bytes=4096,
        )  # fmt: skip
        self.mid = 0

    def pipeline(self, reader: Reader) -> Pipeline:
        return Pipeline(reader, self.home, self.home.publish, FUNCTIONS, PolicyOptions(), self.household)

    def start(self) -> None:
        self.worker.start()
        self.worker.home_changed(self.home.home)

    def take(self, text: str, id_: str = "x", **more: Any) -> int:
        self.mid += 1
        payload = json.dumps({"text": text, "id": id_}).encode()
        self.desk.take(Incoming(TOPICS.intent, payload, qos=1, mid=self.mid, **more))
        return self.mid


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    if made.worker.alive:
        assert made.worker.stop(10)
    made.desk.close()
    made.journal.close()


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    return [result["outcome"] for result in results]


def test_intent_is_acknowledged_once_and_only_after_its_result(place: Place) -> None:
    place.start()
    place.take("on floor lamp")
    assert outcomes(place.bus.acked(1)) == ["done"]
    assert [what for what, _ in place.bus.events] == [TOPICS.action, "ack"]


def test_retained_intent_is_acknowledged_and_counted_only(place: Place) -> None:
    place.start()
    place.take("on floor lamp", retain=True)
    assert place.bus.acked(1) == []
    assert place.counters.snapshot() == {"retained_ignored": 1}


def test_redelivery_of_an_intent_under_way_gets_the_same_single_result(place: Place) -> None:
    place.take("toggle floor lamp")
    place.take("toggle floor lamp", dup=True)
    place.start()
    assert outcomes(place.bus.acked(1, 2)) == ["done"]
    assert len(place.home.sent) == 1


def test_same_id_while_it_is_under_way_is_a_duplicate_at_once(place: Place) -> None:
    place.take("toggle floor lamp")
    place.take("toggle floor lamp")
    assert outcomes(place.bus.acked(2)) == ["duplicate"]
    place.start()
    assert outcomes(place.bus.acked(1, 2)) == ["duplicate", "done"]
    assert len(place.home.sent) == 1


def test_intents_beyond_the_queue_are_overloaded_and_may_come_again(place: Place) -> None:
    mids = [place.take("on floor lamp", str(number)) for number in range(6)]
    assert outcomes(place.bus.acked(*mids[4:])) == ["overloaded"] * 2
    place.start()
    place.bus.acked(*mids)
    again = place.take("on floor lamp", "5")
    assert outcomes(place.bus.acked(*mids, again))[-1] == "done"


def interrupted(folder: Path, *, idempotent: bool) -> None:
    """A run that died between the note that its commands go out and their result."""
    journal = Journal(folder / "journal.db")
    journal.accept("x", 0.0, "toggle floor lamp")
    journal.started("x", idempotent)
    journal.close()


def test_what_may_have_been_done_before_a_crash_is_not_repeated(tmp_path: Path) -> None:
    interrupted(tmp_path, idempotent=False)
    place = Place(tmp_path)
    place.start()
    place.take("toggle floor lamp", dup=True)
    (result,) = place.bus.acked(1)
    assert result["outcome"] == "failed"
    assert "may have been done" in result["say"]
    assert place.home.sent == []
    assert place.worker.stop(10)
    place.desk.close()
    place.journal.close()


def test_what_has_its_outcome_gets_no_other_one_from_a_full_queue(tmp_path: Path) -> None:
    interrupted(tmp_path, idempotent=False)
    place = Place(tmp_path)
    waiting = [place.take("on floor lamp", str(number)) for number in range(4)]
    place.take("toggle floor lamp")
    place.take("toggle floor lamp", dup=True)
    place.take("on floor lamp", "one too many")
    assert outcomes(place.bus.results(3)) == ["failed", "duplicate", "overloaded"]
    place.start()
    place.bus.acked(*waiting, 5, 6, 7)
    assert place.worker.stop(10)
    place.desk.close()
    place.journal.close()


def test_what_can_be_repeated_is_done_after_a_crash_but_not_for_ever(tmp_path: Path) -> None:
    seen = []
    for _ in range(3):
        interrupted(tmp_path, idempotent=True)
        place = Place(tmp_path)
        place.start()
        place.take("toggle floor lamp", dup=True)
        seen += outcomes(place.bus.acked(1))
        assert place.worker.stop(10)
        place.desk.close()
        place.journal.close()
        with sqlite3.connect(tmp_path / "journal.db") as db:
            db.execute("UPDATE intent SET step = 'received', result = NULL")
        db.close()
    assert seen[0] == "done"
    assert seen[-1] == "failed"


def test_journal_that_cannot_be_written_stops_what_must_not_happen_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeassist.journal_file.JournalFile.save", lambda *_, **__: False)
    place.start()
    place.take("toggle floor lamp", "a")
    place.take("on floor lamp", "b")
    results = place.bus.acked(1, 2)
    assert {result["id"]: result["outcome"] for result in results} == {"a": "failed", "b": "done"}
    assert len(place.home.sent) == 1


def test_confirmation_that_is_retained_or_hostile_settles_nothing(place: Place) -> None:
    place.start()
    place.take("unlock front door")
    assert outcomes(place.bus.acked(1)) == ["confirm"]
    topic = TOPICS.confirm_answer("x")
    for number, (payload, retain) in enumerate([(b"yes", True), (b"\xff", False), (b"[" * 200, False), (b"", False)]):
        place.desk.answer_confirmation(Incoming(topic, payload, qos=1, retain=retain, mid=10 + number))
    assert len(place.confirmations) == 1
    place.desk.answer_confirmation(Incoming(topic, b"yes", qos=1, mid=20))
    assert outcomes(place.bus.results(2)) == ["confirm", "done"]
    assert len(place.home.sent) == 1
