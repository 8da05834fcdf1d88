from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeassist import household as module
from edgeassist.errors import CommandError
from edgeassist.household import MAX_ITEMS, MAX_TIMERS, Household, Timer
from edgeassist.messages import Call, Utterance

SAID = Utterance("x", "", 0.0, source="voice")


class Clocks:
    """Wall clock and monotonic clock, each to be set by itself; ``sleep`` is not among them."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000_000.0, 50.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    fake = Clocks()
    monkeypatch.setattr(module, "time", fake)
    return fake


@pytest.fixture
def rung() -> queue.Queue[Timer]:
    return queue.Queue()


@pytest.fixture
def household(tmp_path: Path, rung: queue.Queue[Timer]) -> Iterator[Household]:
    made = Household(tmp_path / "state" / "household.json", rung.put)
    made.start()
    yield made
    made.stop()


def serve(household: Household, name: str, **arguments: Any) -> str:
    return household.serve(Call(name, arguments), SAID)


def test_timer_rings_when_its_time_is_up(household: Household, rung: queue.Queue[Timer]) -> None:
    assert serve(household, "start_timer", seconds=0, label="egg") == "Egg timer set for 0 seconds."
    timer = rung.get(timeout=5)
    assert (timer.label, timer.source) == ("egg", "voice")
    assert serve(household, "timer_status") == "No timer is running."


def test_status_says_what_is_left(tmp_path: Path, clocks: Clocks) -> None:
    household = Household(tmp_path / "h.json", lambda _timer: None)
    serve(household, "start_timer", seconds=90, label="")
    clocks.steady += 30
    clocks.wall += 30
    assert serve(household, "timer_status") == "Timer: 1 minute left."
    assert serve(household, "timer_status", label="egg") == "No such timer is running."


def test_cancel_takes_the_named_timers_or_all(tmp_path: Path, clocks: Clocks) -> None:
    household = Household(tmp_path / "h.json", lambda _timer: None)
    for label in ("egg", "tea", "egg"):
        serve(household, "start_timer", seconds=60, label=label)
    assert serve(household, "cancel_timer", label="soup") == "No such timer is running."
    assert serve(household, "cancel_timer", label="egg") == "2 timers cancelled."
    assert serve(household, "cancel_timer") == "Tea timer cancelled."


@pytest.mark.parametrize(
    ("label", "cancelled"),
    [
        ("10 minute", "Rice timer cancelled."),
        ("10 minutes timer", "Rice timer cancelled."),
        ("1 hour and 30 minutes", "Timer cancelled."),
        ("rice timer", "Rice timer cancelled."),
        ("10", "No such timer is running."),
        ("20 minute", "No such timer is running."),
        ("10 minute rice", "No such timer is running."),
    ],
)
def test_timer_may_be_called_by_its_length(tmp_path: Path, clocks: Clocks, label: str, cancelled: str) -> None:
    household = Household(tmp_path / "h.json", lambda _timer: None)
    serve(household, "start_timer", seconds=600, label="rice")
    serve(household, "start_timer", seconds=5400)
    assert serve(household, "cancel_timer", label=label) == cancelled


def test_leap_of_the_wall_clock_moves_no_running_timer(tmp_path: Path, clocks: Clocks) -> None:
    household = Household(tmp_path / "h.json", lambda _timer: None)
    clocks.wall = 10.0  # a Pi without a real-time clock wakes in 1970 and learns the time from the network later
    serve(household, "start_timer", seconds=600)
    clocks.wall = 1_700_000_000.0
    clocks.steady += 60
    assert household.due() == []
    assert serve(household, "timer_status") == "Timer: 9 minutes left."
    clocks.steady += 540
    assert [timer.seconds for timer in household.due()] == [600]


def test_timer_survives_a_restart_with_what_is_left_of_it(tmp_path: Path, clocks: Clocks) -> None:
    serve(Household(tmp_path / "h.json", lambda _timer: None), "start_timer", seconds=600, label="egg")
    clocks.wall += 200
    clocks.steady = 3.0
    again = Household(tmp_path / "h.json", lambda _timer: None)
    assert serve(again, "timer_status") == "Egg timer: 6 minutes 40 seconds left."


def test_timer_that_ended_while_nothing_ran_rings_at_the_start(tmp_path: Path, clocks: Clocks) -> None:
    serve(Household(tmp_path / "h.json", lambda _timer: None), "start_timer", seconds=60)
    clocks.wall += 3600
    assert len(Household(tmp_path / "h.json", lambda _timer: None).due()) == 1


def test_wall_clock_that_went_back_makes_no_timer_longer(tmp_path: Path, clocks: Clocks) -> None:
    serve(Household(tmp_path / "h.json", lambda _timer: None), "start_timer", seconds=60)
    clocks.wall = 5.0
    again = Household(tmp_path / "h.json", lambda _timer: None)
    assert serve(again, "timer_status") == "Timer: 1 minute left."


def test_items_of_a_list_survive_a_restart_and_are_told(tmp_path: Path) -> None:
    told: list[tuple[str, list[str]]] = []
    for item in ("milk", "eggs"):
        household = Household(tmp_path / "h.json", lambda _timer: None, lambda *change: told.append(change))
        assert serve(household, "add_to_list", item=item, list="shopping") == f"Added {item} to the shopping list."
    assert told[-1] == ("shopping", ["milk", "eggs"])


def test_too_many_timers_and_items_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    household = Household(tmp_path / "h.json", lambda _timer: None)
    monkeypatch.setattr(Household, "_save", lambda _self: None)
    for _ in range(MAX_TIMERS):
        serve(household, "start_timer", seconds=600)
    with pytest.raises(CommandError, match="timers are running"):
        serve(household, "start_timer", seconds=600)
    for _ in range(MAX_ITEMS):
        serve(household, "add_to_list", item="milk", list="shopping")
    with pytest.raises(CommandError, match="already has"):
        serve(household, "add_to_list", item="milk", list="shopping")


def test_other_function_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        serve(Household(tmp_path / "h.json", lambda _timer: None), "turn_on")


def test_folder_that_cannot_be_written_costs_memory_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    household = Household(tmp_path / "file" / "h.json", lambda _timer: None)
    assert serve(household, "add_to_list", item="milk", list="shopping")


GOOD = {"label": "egg", "seconds": 60, "ends": time.time() + 60, "source": "voice"}
BAD_TIMERS = [{**GOOD, "ends": "soon"}, {**GOOD, "seconds": None}, {**GOOD, "more": 1}, {}, 5, {**GOOD, "label": 7}]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"timers": [], "lists": []}',
        b'{"timers": [], "lists": {"a": 5}}',
        b'{"timers": 5, "lists": {}}',
        b'{"timers": [{"label":"e","seconds":60,"ends":NaN,"source":"v"}], "lists": {}}',
        b"[" * 100_000,
        *(json.dumps({"timers": [timer], "lists": {}}).encode() for timer in BAD_TIMERS),
    ],
)
def test_damaged_file_is_set_aside_and_everything_works(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "h.json"
    path.write_bytes(content)
    rung: queue.Queue[Timer] = queue.Queue()
    household = Household(path, rung.put)
    household.start()
    serve(household, "start_timer", seconds=0)
    assert rung.get(timeout=5).seconds == 0
    household.stop()
    assert path.with_suffix(".corrupt").read_bytes() == content


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["timers", "lists", "label", "ends", "seconds", "source"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(JSON)
def test_any_json_is_taken_or_set_aside(tmp_path: Path, content: object) -> None:
    (tmp_path / "h.json").write_text(json.dumps(content))
    household = Household(tmp_path / "h.json", lambda _timer: None)
    household.due()
    assert serve(household, "timer_status")
