from __future__ import annotations

import queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.turns import Turns


def test_sources_take_turns_and_each_keeps_its_order() -> None:
    turns: Turns[str] = Turns(4, 8)
    for item in ("a1", "a2", "a3", "b1", "c1", "b2"):
        assert turns.put(item[0], item)
    assert [turns.get(0) for _ in range(6)] == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_flood_of_one_source_leaves_room_for_another() -> None:
    turns: Turns[int] = Turns(2, 8)
    assert [turns.put("flood", n) for n in range(5)] == [True, True, False, False, False]
    assert not turns.has_room("flood")
    assert turns.put("quiet", 9)
    assert [turns.get(0), turns.get(0)] == [0, 9]


def test_many_sources_are_bounded_together() -> None:
    turns: Turns[int] = Turns(2, 3)
    assert [turns.put(str(n), n) for n in range(5)] == [True, True, True, False, False]


def test_empty_queue_raises_empty() -> None:
    with pytest.raises(queue.Empty):
        Turns[int](1, 1).get(0)


@given(st.lists(st.sampled_from("abcde"), max_size=60))
def test_everything_taken_comes_out_once(sources: list[str]) -> None:
    turns: Turns[int] = Turns(3, 10)
    taken = [n for n, source in enumerate(sources) if turns.put(source, n)]
    assert len(turns) == len(taken) <= 10
    assert sorted(turns.get(0) for _ in taken) == taken
