from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from edgeassist import worker as module
from edgeassist.errors import ModelError
from edgeassist.home import Home
from edgeassist.worker import Worker
from tests.support.homes import device
from tests.support.reading import ScriptedReader

HOME = Home((device("Lamp"),))
WAIT_S = 10.0


class SlowReader(ScriptedReader):
    """Takes ``batches`` steps for each home, the one under way being told by ``reading``."""

    def __init__(self, batches: int = 3) -> None:
        super().__init__()
        self.batches = batches
        self.left = 0
        self.prepared: list[Home] = []
        self.trouble: Exception | None = None

    def prepare(self, home: Home) -> None:
        self.prepared.append(home)
        self.left = self.batches
        if self.trouble is not None:
            raise self.trouble

    def abandon(self) -> None:
        """Keep the home before."""

    def advance(self) -> bool:
        if self.left:
            self.left -= 1
        if not self.left and self.prepared:
            super().prepare(self.prepared[-1])
        return not self.left


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SETTLE_S", 0.02)
    monkeypatch.setattr(module, "_IDLE_S", 0.01)


@pytest.fixture
def start() -> Iterator[Callable[..., Worker]]:
    made: list[Worker] = []

    def begin(load: Callable[[], Any], limit: int = 32) -> Worker:
        worker = Worker(load, limit)
        made.append(worker)
        worker.start()
        return worker

    yield begin
    for worker in made:
        assert worker.stop(WAIT_S)


def run(worker: Worker, job: Callable[[Any], object] = lambda model: model) -> object:
    """The job's result, once the worker has come to it."""
    done = threading.Event()
    results: list[object] = []

    def wrapped(model: Any) -> None:
        try:
            results.append(job(model))
        finally:
            done.set()

    assert worker.submit(wrapped)
    assert done.wait(WAIT_S), "the worker did not come to the job"
    return results[0] if results else None


def _note(order: list[int], number: int, _model: object) -> None:
    order.append(number)


def test_job_waits_for_the_first_home(start: Callable[..., Worker]) -> None:
    reader = SlowReader()
    worker = start(lambda: reader)
    done = threading.Event()
    assert worker.submit(lambda _model: done.set())
    assert not done.wait(0.05)
    worker.home_changed(HOME)
    assert done.wait(WAIT_S)
    assert reader.lexicon.home is HOME
    assert worker.ready.is_set()


@pytest.mark.parametrize("error", [ModelError("no such file"), OSError("disk"), ValueError("settings"), MemoryError()])
def test_model_that_cannot_be_loaded_is_trouble_and_jobs_run_without_it(
    start: Callable[..., Worker], error: Exception
) -> None:
    def load() -> ScriptedReader:
        raise error

    worker = start(load)
    assert worker.loaded.wait(WAIT_S)
    assert worker.trouble is not None
    assert str(error) in worker.trouble
    assert run(worker) is None
    assert worker.alive


def test_jobs_beyond_the_limit_are_refused(start: Callable[..., Worker]) -> None:
    worker = start(SlowReader, limit=2)
    worker.home_changed(HOME)
    assert worker.ready.wait(WAIT_S)
    held, begun = threading.Event(), threading.Event()

    def block(_model: object) -> None:
        begun.set()
        held.wait(WAIT_S)

    assert worker.submit(block)
    assert begun.wait(WAIT_S)
    assert worker.submit(lambda _model: None)
    assert worker.submit(lambda _model: None)
    assert not worker.has_room("")
    assert worker.depth == 2
    assert worker.submit(lambda _model: None) is False
    held.set()


def test_jobs_run_in_order_and_between_the_batches_of_a_changed_home(start: Callable[..., Worker]) -> None:
    reader = SlowReader(batches=1)
    worker = start(lambda: reader)
    worker.home_changed(HOME)
    assert worker.ready.wait(WAIT_S)
    reader.batches = 1_000_000
    other = replace(HOME, name="other", devices=())
    worker.home_changed(other)
    order: list[int] = []
    for number in range(5):
        worker.submit(partial(_note, order, number))
    homes = run(worker, lambda model: model.lexicon.home)
    assert order == list(range(5))
    assert homes is HOME, "the home before is the one in use until the other is read"
    reader.left = 1


class LoggingReader(SlowReader):
    """Notes each batch; ``many`` is set when some batches of an endless home were read."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []
        self.many = threading.Event()

    def advance(self) -> bool:
        if self.left:
            self.log.append("batch")
        if self.left > 1000 and self.log.count("batch") > 10:
            self.many.set()
        return super().advance()


def test_intents_that_wait_are_held_up_by_one_batch_at_most_while_a_home_is_read(start: Callable[..., Worker]) -> None:
    reader = LoggingReader()
    worker = start(lambda: reader)
    worker.home_changed(HOME)
    assert worker.ready.wait(WAIT_S)
    reader.batches = 1_000_000
    worker.home_changed(replace(HOME, name="other", devices=()))
    assert reader.many.wait(WAIT_S)
    held, begun = threading.Event(), threading.Event()

    def block(_model: object) -> None:
        begun.set()
        held.wait(WAIT_S)

    assert worker.submit(block)
    assert begun.wait(WAIT_S)
    reader.log.clear()
    for _ in range(5):
        assert worker.submit(lambda _model: reader.log.append("intent"))
    held.set()
    run(worker)
    between = "".join("i" if each == "intent" else "b" for each in reader.log).split("i")
    assert len(between) == 6
    assert {len(batches) for batches in between[:5]} == {1}, "the home is read on, and by one batch at a time"
    reader.left = 1


def test_burst_of_changes_is_read_once(start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SETTLE_S", 0.3)
    reader = SlowReader()
    worker = start(lambda: reader)
    homes = [replace(HOME, unit=unit) for unit in ("C", "F", "C", "F")]
    for home in homes:
        worker.home_changed(home)
    assert worker.ready.wait(WAIT_S)
    assert [id(home) for home in reader.prepared] == [id(homes[-1])]


def test_same_home_again_changes_nothing(start: Callable[..., Worker]) -> None:
    reader = SlowReader()
    worker = start(lambda: reader)
    worker.home_changed(HOME)
    assert worker.ready.wait(WAIT_S)
    worker.home_changed(HOME)
    run(worker)
    assert len(reader.prepared) == 1


def test_home_that_cannot_be_read_leaves_the_worker_alive(start: Callable[..., Worker]) -> None:
    reader = SlowReader()
    reader.trouble = KeyError("a name that breaks it")
    worker = start(lambda: reader)
    worker.home_changed(HOME)
    assert run(worker) is reader
    reader.trouble = None
    worker.home_changed(replace(HOME, unit="F"))
    assert run(worker, lambda model: model) is reader
    assert worker.alive


def test_job_that_raises_leaves_the_worker_alive(start: Callable[..., Worker]) -> None:
    worker = start(SlowReader)
    worker.home_changed(HOME)

    def fail(_model: object) -> None:
        raise RuntimeError("a bug")

    run(worker, fail)
    assert isinstance(run(worker), SlowReader)
    assert worker.alive


def test_stop_ends_the_thread_and_closes_the_model(start: Callable[..., Worker]) -> None:
    reader = SlowReader()
    worker = start(lambda: reader)
    worker.home_changed(HOME)
    assert worker.ready.wait(WAIT_S)
    before = worker.beat
    run(worker)
    assert worker.stop(WAIT_S)
    assert reader.closed
    assert worker.beat >= before
    assert not worker.alive


def test_stop_while_jobs_wait_for_a_home_ends_too(start: Callable[..., Worker]) -> None:
    worker = start(SlowReader)
    worker.submit(lambda _model: None)
    assert worker.stop(WAIT_S)
