from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.engine.prefix import ORDINARY_ROOM, UTTERANCE_ROOM, Prefix
from edgeassist.engine.store import StateStore
from edgeassist.errors import ModelError

DIGEST_BYTES = 32


class FakeModel:
    """Sequences as lists of tokens; a state is their text, and ``picky`` refuses to restore."""

    def __init__(self, *, picky: bool = False) -> None:
        self.sequences: list[list[int]] = [[], []]
        self.picky = picky
        self.room = 0
        self.most = 10_000

    def decode(
        self, tokens: Sequence[int], position: int, sequence: int, *, logits_at: Collection[int] | None = None
    ) -> None:
        assert len(self.sequences[sequence]) == position, "a batch follows what the sequence holds"
        self.sequences[sequence] += tokens
        shared = len(_same(*self.sequences))
        behind = UTTERANCE_ROOM if all(self.sequences) else ORDINARY_ROOM
        assert sum(map(len, self.sequences)) - shared + behind <= self.room, "an utterance fits behind what is held"

    def forget(self, sequence: int, position: int = 0) -> None:
        del self.sequences[sequence][position:]

    def reserve(self, tokens: int, sequence: int) -> None:
        if tokens > self.most:
            raise ModelError(f"no memory for {tokens}")
        if tokens > self.room:
            self.room = tokens
            self.sequences[1 - sequence] = []

    def share(self, source: int, target: int, length: int) -> None:
        assert not self.sequences[target]
        self.sequences[target] = self.sequences[source][:length]

    def save(self, sequence: int, path: Path) -> bool:
        return write(",".join(map(str, self.sequences[sequence])))(path)

    def restore(self, sequence: int, path: Path, length: int) -> bool:
        state = path.read_bytes()[:-DIGEST_BYTES].decode()
        tokens = [int(token) for token in state.split(",")]
        fits = not self.picky and len(tokens) == length
        self.sequences[sequence] = tokens if fits else []
        return fits


def write(state: str) -> Callable[[Path], bool]:
    """What a model does that writes this state."""
    return lambda path: path.write_text(state) == len(state)


def _same(left: list[int], right: list[int]) -> list[int]:
    return [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))]


def built(prefix: Prefix, tokens: Sequence[int], key: str = "key") -> int:
    """Read a prefix to its end; gives how many batches that took."""
    prefix.build(tokens, key)
    steps = 1
    while not prefix.advance():
        steps += 1
    return steps


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=12), min_size=1, max_size=5), st.integers(1, 5))
def test_whatever_was_read_before_the_prefix_in_use_is_the_latest(homes: list[list[int]], batch: int) -> None:
    model = FakeModel()
    prefix = Prefix(model, batch)
    for number, tokens in enumerate(homes):
        built(prefix, tokens, str(number))
        assert model.sequences[prefix.sequence] == tokens
        assert model.sequences[1 - prefix.sequence] == []
        assert prefix.length == len(tokens)


def test_old_prefix_stays_in_use_until_the_new_one_is_whole() -> None:
    model = FakeModel()
    prefix = Prefix(model, 4)
    built(prefix, range(10))
    prefix.build([*range(5), 99, 98, 97, 96, 95], "other")
    assert prefix.advance() is False
    assert model.sequences[prefix.sequence] == list(range(10))
    assert prefix.advance() is True


def test_room_is_for_what_is_read_and_grows_with_the_home() -> None:
    model = FakeModel()
    prefix = Prefix(model, 64)
    built(prefix, range(100))
    assert model.room == 100 + ORDINARY_ROOM
    built(prefix, [*range(90), *[7] * 50], "other")
    assert model.room == 150 + UTTERANCE_ROOM, "with what both begin with held once"
    built(prefix, [9, 9], "small")
    assert model.room == 150 + UTTERANCE_ROOM
    assert model.sequences[prefix.sequence] == [9, 9]


def test_home_that_finds_no_room_leaves_the_one_before(tmp_path: Path) -> None:
    model = FakeModel()
    prefix = Prefix(model, 4)
    built(prefix, range(10))
    model.most = model.room + UTTERANCE_ROOM
    with pytest.raises(ModelError, match="no memory"):
        prefix.build(range(90, 250), "large")
    assert not prefix.building
    assert model.sequences[prefix.sequence] == list(range(10))
    built(prefix, [*range(10), 11], "fits")
    assert prefix.length == 11


def test_state_that_is_refused_is_read_from_what_is_in_common(tmp_path: Path) -> None:
    StateStore(tmp_path).save("other", write("1,2"))
    prefix = Prefix(FakeModel(), 4, StateStore(tmp_path))
    built(prefix, range(100))
    built(prefix, [*range(90), 7, 7], "other")
    assert prefix.evaluated == 102


def test_what_two_homes_have_in_common_is_read_once() -> None:
    prefix = Prefix(FakeModel(), 64)
    built(prefix, range(100))
    built(prefix, [*range(90), 7, 7, 7], "other")
    assert prefix.evaluated == 103


def test_home_that_is_replaced_while_it_is_read_leaves_nothing_behind() -> None:
    model = FakeModel()
    prefix = Prefix(model, 4)
    prefix.build(range(10), "a")
    prefix.advance()
    built(prefix, [5, 5, 5], "b")
    assert model.sequences[prefix.sequence] == [5, 5, 5]


def test_stored_prefix_is_not_read_again(tmp_path: Path) -> None:
    built(Prefix(FakeModel(), 4, StateStore(tmp_path)), range(10))
    model = FakeModel()
    again = Prefix(model, 4, StateStore(tmp_path))
    built(again, range(10))
    assert again.evaluated == 0
    assert model.sequences[again.sequence] == list(range(10))


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 100])
def test_damaged_state_is_removed_and_the_prefix_is_read(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    built(Prefix(FakeModel(), 4, StateStore(tmp_path)), range(10))
    (tmp_path / "key.kv").write_bytes(damage)
    again = Prefix(FakeModel(), 4, StateStore(tmp_path))
    built(again, range(10))
    assert again.evaluated == 10
    assert "key.kv is damaged and is discarded" in caplog.text
    assert StateStore(tmp_path).find("key")


def test_state_that_the_model_refuses_is_discarded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    StateStore(tmp_path).save("key", write("1,2"))
    prefix = Prefix(FakeModel(picky=True), 4, StateStore(tmp_path))
    built(prefix, range(6))
    assert prefix.evaluated == 6
    assert "key.kv does not fit this model and is discarded" in caplog.text


def test_state_of_other_tokens_is_never_loaded(tmp_path: Path) -> None:
    built(Prefix(FakeModel(), 4, StateStore(tmp_path)), range(10), "one")
    other = Prefix(FakeModel(), 4, StateStore(tmp_path))
    built(other, range(10), "two")
    assert other.evaluated == 10


def test_least_recently_used_states_go_first(tmp_path: Path) -> None:
    store = StateStore(tmp_path, limit_bytes=300)
    for age, key in enumerate(("a", "b")):
        store.save(key, write("x" * 100))
        os.utime(tmp_path / f"{key}.kv", (age, age))
    assert store.find("a"), "which is a use"
    store.save("c", write("x" * 100))
    assert [key for key in "abc" if store.find(key)] == ["a", "c"]


def test_the_newest_state_is_kept_even_if_it_is_too_large(tmp_path: Path) -> None:
    store = StateStore(tmp_path, limit_bytes=10)
    store.save("a", write("x" * 100))
    assert store.find("a") == tmp_path / "a.kv"


def test_what_a_power_loss_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "left.tmp").write_bytes(b"half")
    os.utime(tmp_path / "left.tmp", (0, 0))
    (tmp_path / "others.tmp").write_bytes(b"half")
    StateStore(tmp_path).save("a", write("x"))
    assert {path.name for path in tmp_path.iterdir()} == {"a.kv", "others.tmp"}


def refuse(*_args: object, **_kwargs: object) -> None:
    raise PermissionError(30, "Read-only file system")


def test_store_on_a_read_only_disk_still_gives_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = StateStore(tmp_path)
    store.save("a", write("x"))
    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert store.find("a")
    store.save("b", write("y"))
    store.discard("a", "does not fit")
    (tmp_path / "a.kv").write_bytes(b"damaged")
    assert store.find("a") is None


def test_state_that_cannot_be_written_is_not_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    StateStore(tmp_path).save("a", lambda path: bool(path.write_text("half")) and False)
    assert StateStore(tmp_path).find("a") is None
    assert "a.kv could not be written; is the disk full?" in caplog.text
    assert not list(tmp_path.iterdir())


def test_folder_that_is_a_file_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    prefix = Prefix(FakeModel(), 4, StateStore(tmp_path / "cache"))
    built(prefix, range(10))
    assert prefix.evaluated == 10
