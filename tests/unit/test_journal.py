"""What the journal says about an intent that it has seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edgeassist.errors import JournalError
from edgeassist.journal import Admission, Debt, Journal, Kind, Owed
from edgeassist.messages import Reply


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with_file = Journal(path, now=0.0)
    yield with_file
    with_file.close()


def reopened(path: Path, now: float = 0.0) -> Journal:
    """As another process would see the file; the first one is not closed, as after a crash."""
    return Journal(path, now=now)


def test_id_never_seen_is_new(journal: Journal) -> None:
    assert journal.accept("a", 1.0, "on") == Admission(Kind.NEW)


def test_finished_id_is_a_duplicate_with_its_result_also_after_a_restart(journal: Journal, path: Path) -> None:
    journal.accept("a", 1.0, "on")
    journal.started("a", idempotent=True)
    journal.published("a")
    journal.finished("a", b"result")
    assert journal.accept("a", 2.0, "on") == Admission(Kind.DUPLICATE, 0, b"result")
    assert reopened(path).accept("a", 2.0, "on") == Admission(Kind.DUPLICATE, 0, b"result")


def test_id_that_is_being_worked_on_is_in_progress(journal: Journal) -> None:
    journal.accept("a", 1.0)
    assert journal.accept("a", 1.1).kind is Kind.IN_PROGRESS
    journal.started("a", idempotent=False)
    assert journal.accept("a", 1.2).kind is Kind.IN_PROGRESS


def test_id_used_for_other_words_is_a_conflict(journal: Journal) -> None:
    journal.accept("a", 1.0, "on")
    journal.finished("a", b"r")
    assert journal.accept("a", 2.0, "off").kind is Kind.CONFLICT


@pytest.mark.parametrize("steps", [[], ["started"], ["started", "published"]])
def test_idempotent_intent_cut_off_anywhere_is_tried_again(journal: Journal, path: Path, steps: list[str]) -> None:
    journal.accept("a", 1.0)
    for step in steps:
        journal.started("a", idempotent=True) if step == "started" else journal.published("a")
    assert reopened(path).accept("a", 2.0) == Admission(Kind.RETRY)


@pytest.mark.parametrize("steps", [["started"], ["started", "published"]])
def test_other_intent_cut_off_after_it_may_have_acted_is_uncertain(
    journal: Journal, path: Path, steps: list[str]
) -> None:
    journal.accept("a", 1.0)
    for step in steps:
        journal.started("a", idempotent=False) if step == "started" else journal.published("a")
    assert reopened(path).accept("a", 2.0).kind is Kind.UNCERTAIN


def test_intent_that_brings_the_process_down_is_exhausted_after_two_attempts(journal: Journal, path: Path) -> None:
    assert not journal.accept("a", 1.0).exhausted
    journal.begun("a")
    second = reopened(path)
    assert not second.accept("a", 1.0).exhausted
    second.begun("a")
    assert reopened(path).accept("a", 1.0) == Admission(Kind.RETRY, 2)
    assert Admission(Kind.RETRY, 2).exhausted


def test_intent_that_only_waited_while_others_brought_the_process_down_is_never_exhausted(
    journal: Journal, path: Path
) -> None:
    journal.accept("a", 1.0)
    for _ in range(5):
        assert reopened(path).accept("a", 1.0) == Admission(Kind.RETRY)


def test_question_is_owed_an_answer_by_the_next_run_and_remembers_to_whom(journal: Journal, path: Path) -> None:
    journal.accept("a", 1.0, reply=Reply("back/here", b"7"))
    journal.asked("a", b"question")
    assert journal.debts(Owed.ANSWER) == (), "it waits in this very run"
    assert reopened(path).debts(Owed.ANSWER) == (Debt("a", b"question", False, Reply("back/here", b"7")),)


def test_confirmed_question_cut_off_among_its_commands_is_known_to_have_acted(journal: Journal, path: Path) -> None:
    journal.accept("a", 1.0)
    journal.asked("a", b"question")
    journal.started("a", idempotent=True)
    assert reopened(path).debts(Owed.ANSWER) == (Debt("a", b"question", True, Reply()),)


def test_last_result_of_a_question_is_owed_until_the_broker_has_it(journal: Journal, path: Path) -> None:
    journal.accept("a", 1.0)
    journal.asked("a", b"question")
    journal.finished("a", b"done")
    assert reopened(path).debts(Owed.ANSWER) == (Debt("a", b"done", False, Reply()),)
    journal.paid("a")
    assert reopened(path).debts(Owed.ANSWER) == ()


def test_intent_that_the_broker_hands_over_again_is_owed_in_another_way(journal: Journal, path: Path) -> None:
    journal.accept("a", 1.0)
    journal.accept("b", 1.0)
    journal.finished("b", b"done")
    after = reopened(path)
    assert [debt.id for debt in after.debts(Owed.UNLESS_REDELIVERED)] == ["a"]
    after.accept("a", 2.0)
    assert after.debts(Owed.UNLESS_REDELIVERED) == ()


def test_file_of_an_earlier_release_gains_its_columns_and_an_earlier_release_can_write_to_ours(path: Path) -> None:
    path.parent.mkdir()
    columns = (
        "id TEXT PRIMARY KEY, run TEXT NOT NULL, step TEXT NOT NULL, attempts INTEGER NOT NULL, "
        "text_hash TEXT NOT NULL, idempotent INTEGER NOT NULL, since REAL NOT NULL, wall REAL NOT NULL, result BLOB"
    )
    insert = "INSERT INTO intent (id, run, step, attempts, text_hash, idempotent, since, wall, result) VALUES "
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE intent ({columns}) WITHOUT ROWID")
        db.execute(insert + "('a', 'r', 'finished', 1, 'e3b0c44298fc1c14', 1, 0, 0, x'61')")
        db.execute("PRAGMA user_version=1")
    journal = Journal(path, now=0.0)
    assert journal.degraded is None
    assert journal.accept("a", 1.0).result == b"a"
    journal.close()
    with sqlite3.connect(path) as db:
        db.execute(insert + "('b', 'r', 'finished', 1, 'e3b0c44298fc1c14', 1, 0, 0, x'62')")
    assert reopened(path).accept("b", 1.0).result == b"b"


def test_row_older_than_the_ttl_is_forgotten(path: Path) -> None:
    journal = Journal(path, ttl_s=10.0, now=0.0)
    journal.accept("a", 1.0)
    journal.finished("a", b"r")
    assert journal.accept("a", 10.9).kind is Kind.DUPLICATE
    assert journal.accept("a", 11.1).kind is Kind.NEW


def test_row_of_an_earlier_run_is_kept_for_the_ttl_of_this_run(path: Path) -> None:
    # The monotonic clock begins anew with each boot, the wall clock may be anything: only this run's age counts.
    first = Journal(path, ttl_s=10.0, now=1_000_000.0)
    first.accept("a", 1_000_000.0)
    first.finished("a", b"r")
    first.close()
    second = Journal(path, ttl_s=10.0, now=5.0)
    assert second.accept("a", 14.9).kind is Kind.DUPLICATE
    assert second.accept("a", 15.1).kind is Kind.NEW


def test_wall_clock_in_1970_forgets_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path, ttl_s=10.0, now=0.0)
    journal.accept("a", 0.0)
    journal.finished("a", b"r")
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert journal.accept("a", 1.0).kind is Kind.DUPLICATE
    assert reopened(path).accept("a", 1.0).kind is Kind.DUPLICATE


def test_flood_keeps_the_count_and_the_unfinished(path: Path) -> None:
    journal = Journal(path, max_rows=20, now=0.0)
    journal.accept("working", 0.0)
    for i in range(100):
        journal.accept(str(i), 0.0)
        journal.finished(str(i), b"r")
    assert len(journal) <= 20
    assert journal.accept("working", 0.0).kind is Kind.IN_PROGRESS
    assert journal.accept("99", 0.0).kind is Kind.DUPLICATE
    assert journal.accept("0", 0.0).kind is Kind.NEW
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM intent").fetchone()[0] <= 20


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0garbage" * 300, b"not a database at all" * 50])
def test_damaged_file_is_set_aside_and_a_new_one_begun(
    path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    journal = Journal(path)
    assert journal.degraded is None
    assert journal.accept("a", 1.0).kind is Kind.NEW
    journal.finished("a", b"r")
    assert reopened(path).accept("a", 2.0).kind is Kind.DUPLICATE
    aside = path.with_name("journal.sqlite.corrupt")
    if damage:
        assert aside.read_bytes() == damage
        assert any(record.levelname == "ERROR" and str(path) in record.message for record in caplog.records)
    else:
        assert not aside.exists()


def test_file_torn_in_the_middle_of_a_page_is_set_aside(path: Path) -> None:
    journal = Journal(path)
    for i in range(400):
        journal.accept(str(i), 0.0)
        journal.finished(str(i), b"r" * 500)
    journal.close()
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content[:-100])
    assert reopened(path).accept("x", 0.0).kind is Kind.NEW
    assert path.with_name("journal.sqlite.corrupt").exists()


def test_write_ahead_log_torn_by_a_power_loss_keeps_the_whole_rows(journal: Journal, path: Path) -> None:
    journal.accept("a", 0.0)
    journal.finished("a", b"r")
    journal.accept("b", 0.0)
    # Copied as it lies on the disk, with half of the last frame missing.
    torn = path.with_name("torn.sqlite")
    torn.write_bytes(path.read_bytes())
    wal = path.with_name(path.name + "-wal").read_bytes()
    torn.with_name("torn.sqlite-wal").write_bytes(wal[:-2000])
    after = reopened(torn)
    assert after.degraded is None
    assert after.accept("a", 1.0).kind is Kind.DUPLICATE
    assert after.accept("b", 1.0).kind is Kind.NEW


def test_file_of_another_version_is_set_aside(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    assert Journal(path).accept("a", 1.0).kind is Kind.NEW
    assert path.with_name("journal.sqlite.corrupt").exists()


def test_place_that_cannot_be_written_degrades_and_recovers(tmp_path: Path) -> None:
    blocker = tmp_path / "state"
    blocker.write_text("a file where the directory should be")
    journal = Journal(blocker / "journal.sqlite")
    assert journal.degraded is not None
    assert journal.accept("a", 1.0).kind is Kind.NEW
    journal.started("a", idempotent=True)
    with pytest.raises(JournalError, match="must not happen twice"):
        journal.started("a", idempotent=False)
    journal.finished("a", b"r")
    assert journal.accept("a", 1.0).kind is Kind.DUPLICATE
    blocker.unlink()
    assert journal.probe() is None
    assert reopened(blocker / "journal.sqlite").accept("a", 1.0).kind is Kind.DUPLICATE


class JournalModel(RuleBasedStateMachine):
    """No order of steps and restarts gives an id that acted, and must not act twice, another go."""

    ids = st.sampled_from("abc")

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "j.sqlite"
        self._journal = Journal(self._path, now=0.0)
        self._acted: set[str] = set()
        self._open: set[str] = set()

    @rule(intent=ids, idempotent=st.booleans(), finish=st.booleans())
    def handle(self, intent: str, idempotent: bool, finish: bool) -> None:
        admission = self._journal.accept(intent, 1.0)
        if admission.kind not in (Kind.NEW, Kind.RETRY):
            return
        assert intent not in self._acted
        self._journal.started(intent, idempotent)
        if not idempotent:
            self._acted.add(intent)
        if finish:
            self._journal.finished(intent, intent.encode())

    @rule()
    def crash(self) -> None:
        self._journal = Journal(self._path, now=0.0)

    @rule(intent=ids)
    def ask_again(self, intent: str) -> None:
        admission = self._journal.accept(intent, 1.0)
        if admission.kind is Kind.DUPLICATE:
            assert admission.result == intent.encode()
        elif admission.kind in (Kind.NEW, Kind.RETRY):
            self._journal.finished(intent, intent.encode())

    @invariant()
    def healthy(self) -> None:
        assert self._journal.degraded is None

    def teardown(self) -> None:
        self._folder.cleanup()


TestJournalModel = JournalModel.TestCase
TestJournalModel.settings = settings(max_examples=25, stateful_step_count=15)
