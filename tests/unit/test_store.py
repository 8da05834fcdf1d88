from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from edgeassist.errors import ModelError
from edgeassist.models import records
from edgeassist.models.store import Store, Stored, default_folder

CONTENT = b"GGUF" + bytes(range(256)) * 40


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.gguf"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def stored(store: Store, file: Path) -> Stored:
    return store.add(file, "mine", template="chatml", context=512)


def damage(path: Path, content: bytes) -> None:
    """Other content, and a time of change that is surely another."""
    before = path.stat().st_mtime_ns
    path.write_bytes(content)
    os.utime(path, ns=(before + 1, before + 1))


def test_added_file_lies_under_its_name_and_digest(store: Store, stored: Stored) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert stored.path == store.folder / f"mine-{digest[:12]}.gguf"
    assert stored.path.read_bytes() == CONTENT
    assert (stored.sha256, stored.template, stored.context, stored.verified) == (digest, "chatml", 512, False)
    assert store.names() == ["mine"]
    assert store.check("mine") == store.verify("mine") == stored


def test_nothing_but_model_and_record_is_left(store: Store, stored: Stored) -> None:
    assert {path.name for path in store.folder.iterdir()} == {stored.path.name, records.path_of(stored.path).name}


def test_adding_again_replaces_the_older_file(store: Store, stored: Stored, file: Path) -> None:
    file.write_bytes(CONTENT + b"more")
    newer = store.add(file, "mine")
    assert not stored.path.exists()
    assert store.find("mine") == newer


def test_a_missing_model_says_how_to_get_it(store: Store) -> None:
    with pytest.raises(ModelError, match="edgeassist models pull mine"):
        store.check("mine")


def test_a_truncated_model_is_refused_unread(store: Store, stored: Stored) -> None:
    damage(stored.path, CONTENT[:-1])
    with pytest.raises(ModelError, match=f"{len(CONTENT) - 1} bytes instead of {len(CONTENT)}"):
        store.check("mine")


def test_a_zeroed_region_is_found(store: Store, stored: Stored) -> None:
    damage(stored.path, CONTENT[:4096] + bytes(len(CONTENT) - 4096))
    with pytest.raises(ModelError, match="its sha256 is"):
        store.check("mine")


def test_damage_that_hides_its_time_is_found_by_verify_only(store: Store, stored: Stored) -> None:
    before = stored.path.stat().st_mtime_ns
    stored.path.write_bytes(CONTENT[:4096] + bytes(len(CONTENT) - 4096))
    os.utime(stored.path, ns=(before, before))
    assert store.check("mine").size == len(CONTENT)
    with pytest.raises(ModelError, match="its sha256 is"):
        store.verify("mine")


def test_a_touched_file_is_read_once(store: Store, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(stored.path)
    reads: list[Path] = []
    digest_of = records.sha256_of

    def counting(path: Path, progress: records.Progress | None = None) -> str:
        reads.append(path)
        return digest_of(path, progress)

    monkeypatch.setattr(records, "sha256_of", counting)
    store.check("mine")
    store.check("mine")
    assert reads == [stored.path]


@pytest.mark.parametrize("record", [None, b"", b"{}", b"\xff\xfe"])
def test_a_lost_record_is_made_anew(store: Store, stored: Stored, record: bytes | None) -> None:
    path = records.path_of(stored.path)
    path.unlink() if record is None else path.write_bytes(record)
    assert store.check("mine").sha256 == stored.sha256
    assert records.read(stored.path).source == "unknown"


def test_a_lost_record_hides_no_damage(store: Store, stored: Stored) -> None:
    records.path_of(stored.path).unlink()
    damage(stored.path, b"GGUF and something else")
    with pytest.raises(ModelError, match="unlike its name"):
        store.check("mine")


def test_a_file_with_another_digest_than_the_catalogues_is_refused(store: Store, file: Path) -> None:
    with pytest.raises(ModelError, match=r"the catalogue says b179c952.*Nothing was kept"):
        store.add(file, "smollm2-135m")
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04 a wheel"])
def test_what_is_no_gguf_is_refused(store: Store, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ModelError, match="no GGUF"):
        store.add(file, "mine")


@pytest.mark.parametrize("name", ["", "../up", "UPPER", "-dash", "a b", "x" * 65])
def test_names_that_could_leave_the_folder_are_refused(store: Store, file: Path, name: str) -> None:
    with pytest.raises(ModelError, match="cannot be a model's name"):
        store.add(file, name)


def test_a_full_disk_is_said_before_anything_is_written(store: Store) -> None:
    store.make_folder()
    with pytest.raises(ModelError, match="MB free, but"):
        store.need_space(1 << 60)


def test_other_files_in_the_folder_are_no_models(store: Store, stored: Stored) -> None:
    (store.folder / "notes.txt").touch()
    (store.folder / ".x-123.part").touch()
    (store.folder / "plain.gguf").touch()
    assert store.names() == [stored.name]


def test_one_name_may_begin_like_another(store: Store, stored: Stored, file: Path) -> None:
    store.add(file, "mine-too")
    assert store.check("mine") == stored


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, file: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(ModelError, match="choose another with --dir"):
        Store(tmp_path / "taken" / "models").add(file, "mine")


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", f"{tmp_path}/state:/other")
    assert default_folder() == tmp_path / "state/models"
    monkeypatch.setenv("EDGEASSIST_PATHS__MODELS", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
