"""The journal when the process is killed or the disk says no."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeassist.journal import Journal, Kind

ROOT = Path(__file__).parents[2]
_CHILD = """
import sys
from pathlib import Path
from edgeassist.journal import Journal
journal = Journal(Path(sys.argv[1]))
journal.accept("a", 1.0, "toggle")
journal.begun("a")
journal.started("a", sys.argv[2] == "idempotent")
journal.published("a")
journal.finished("a", b"result")
print("finished")
"""


def run_until(path: Path, step: str, kind: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "EDGEASSIST_CRASH_AT": step}
    command = [sys.executable, "-c", _CHILD, str(path), kind]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("step", "kind", "expected"),
    [
        ("received", "idempotent", Kind.RETRY),
        ("received", "once", Kind.RETRY),
        ("begun", "once", Kind.RETRY),
        ("started", "idempotent", Kind.RETRY),
        ("started", "once", Kind.UNCERTAIN),
        ("published", "idempotent", Kind.RETRY),
        ("published", "once", Kind.UNCERTAIN),
        ("finished", "idempotent", Kind.DUPLICATE),
        ("finished", "once", Kind.DUPLICATE),
    ],
)
def test_process_killed_at_a_step_leaves_that_step_behind(tmp_path: Path, step: str, kind: str, expected: Kind) -> None:
    path = tmp_path / "journal.sqlite"
    ended = run_until(path, step, kind)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert ended.stdout == b""
    journal = Journal(path)
    assert journal.degraded is None
    admission = journal.accept("a", 2.0, "toggle")
    assert admission.kind is expected
    assert admission.attempts == (step != "received")
    assert admission.result == (b"result" if expected is Kind.DUPLICATE else None)


def test_process_without_the_hook_comes_to_its_end(tmp_path: Path) -> None:
    ended = run_until(tmp_path / "journal.sqlite", "", "once")
    assert (ended.returncode, ended.stdout) == (0, b"finished\n"), ended.stderr


def test_process_killed_twice_over_one_intent_is_exhausted_at_the_third(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    for _ in range(2):
        assert run_until(path, "begun", "idempotent").returncode == -signal.SIGKILL
    assert Journal(path).accept("a", 2.0, "toggle").exhausted


_FULL = """
import resource, sys
from pathlib import Path
from edgeassist.errors import JournalError
from edgeassist.journal import Journal, Kind
path = Path(sys.argv[1])
journal = Journal(path)
journal.accept("first", 1.0)
journal.finished("first", b"r")
size = path.with_name(path.name + "-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
assert journal.accept("a", 1.0).kind is Kind.NEW
assert journal.degraded is not None
try:
    journal.started("a", False)
except JournalError as error:
    print("refused:", error)
journal.started("a", True)
journal.published("a")
journal.finished("a", b"result")
assert journal.accept("a", 1.0).kind is Kind.DUPLICATE
assert journal.accept("first", 1.0).kind is Kind.DUPLICATE
assert journal.probe() is not None
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert journal.probe() is None
journal.accept("b", 1.0)
journal.started("b", False)
"""


def test_file_that_may_not_grow_degrades_and_recovers(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    path = tmp_path / "journal.sqlite"
    ended = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("refused: the journal cannot be written")
    after = Journal(path)
    assert after.accept("a", 2.0).result == b"result"
    assert after.accept("b", 2.0).kind is Kind.UNCERTAIN


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; it takes root to make one."""
    if os.geteuid() != 0:
        pytest.skip("mounting a tmpfs needs root")
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us mount a tmpfs")
    yield place
    subprocess.run(["umount", "-l", place], check=False)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def test_full_disk_degrades_and_recovers(tiny_disk: Path) -> None:
    journal = Journal(tiny_disk / "journal.sqlite")
    filler = tiny_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        fill(filler)
    assert journal.accept("a", 1.0).kind is Kind.NEW
    assert "full" in str(journal.degraded)
    journal.finished("a", b"r")
    filler.unlink()
    assert journal.probe() is None
    assert Journal(tiny_disk / "journal.sqlite").accept("a", 1.0).kind is Kind.DUPLICATE


def test_disk_that_turns_read_only_degrades_and_recovers(tiny_disk: Path) -> None:
    journal = Journal(tiny_disk / "journal.sqlite")
    journal.accept("a", 1.0)
    journal.close()
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    again = Journal(tiny_disk / "journal.sqlite")
    again.accept("b", 1.0)
    again.finished("b", b"r")
    assert again.degraded is not None
    assert not (tiny_disk / "journal.sqlite.corrupt").exists()
    subprocess.run(["mount", "-o", "remount,rw", tiny_disk], check=True)
    assert again.probe() is None
    assert Journal(tiny_disk / "journal.sqlite").accept("b", 1.0).kind is Kind.DUPLICATE
