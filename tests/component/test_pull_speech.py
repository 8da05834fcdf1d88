"""Models of recognisers: from a hub on this machine to a folder, whatever is in the zip."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeassist.cli import main
from edgeassist.errors import ModelError
from edgeassist.models import catalogue
from edgeassist.models.catalogue import Speech
from edgeassist.models.speech import pull_speech
from edgeassist.models.store import Store
from tests.support.hub import Hub, running

_PATH = "/owner/repo/resolve/main/en/tiny.zip"
_FILES = {"tiny-0.1/am/final.mdl": b"acoustic", "tiny-0.1/conf/model.conf": b"settings"}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with running() as hub:
        monkeypatch.setenv("EDGEASSIST_HUB_URL", hub.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


def packed(files: dict[str, bytes], *, link: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def entry(content: bytes, *, verified: bool = True) -> Speech:
    return Speech.model_validate(
        {
            "name": "tiny-speech",
            "title": "Tiny",
            "file": "en/tiny.zip",
            "size": len(content) if verified else None,
            "sha256": hashlib.sha256(content).hexdigest() if verified else None,
            "verified": verified,
            "licence": "MIT",
            "source": {"kind": "hub", "repo": "owner/repo", "revision": "main"},
        }
    )


@pytest.mark.parametrize("verified", [True, False])
def test_zip_becomes_a_folder_and_is_fetched_once(hub: Hub, store: Store, *, verified: bool) -> None:
    content = hub.files[_PATH] = packed(_FILES)
    folder = pull_speech(entry(content, verified=verified), store)
    assert (folder / "am/final.mdl").read_bytes() == b"acoustic"
    assert folder == store.folder / "tiny-speech"
    assert pull_speech(entry(content, verified=verified), store) == folder
    assert len(hub.requests) == 1
    assert [path.name for path in store.folder.iterdir()] == ["tiny-speech"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (packed({"../outside": b"x"}), "wants to write to"),
        (packed({"/etc/evil": b"x"}), "wants to write to"),
        (packed(_FILES, link="tiny-0.1/link"), "no plain file"),
        (packed({"zeros": bytes(5000)}), "too much"),
        (packed({f"f{number}": b"" for number in range(1001)}), "too much"),
        (b"no zip at all", "cannot be unpacked"),
    ],
    ids=["upwards", "absolute", "link", "bomb", "many", "garbage"],
)
def test_zip_that_is_no_model_is_refused_and_nothing_kept(
    hub: Hub, store: Store, monkeypatch: pytest.MonkeyPatch, content: bytes, problem: str
) -> None:
    monkeypatch.setattr("edgeassist.models.speech._MAX_BYTES", 4000)
    hub.files[_PATH] = content
    with pytest.raises(ModelError, match=problem):
        pull_speech(entry(content), store)
    assert list(store.folder.iterdir()) == []
    assert [path.name for path in store.folder.parent.iterdir()] == ["models"]


def test_other_digest_is_refused_and_the_older_model_stays(hub: Hub, store: Store) -> None:
    first = hub.files[_PATH] = packed(_FILES)
    folder = pull_speech(entry(first), store)
    wanted = entry(packed(_FILES | {"tiny-0.1/more": b"new"}))
    hub.files[_PATH] = packed(_FILES | {"tiny-0.1/more": b"bad"})
    with pytest.raises(ModelError, match=r"sha256|bytes"):
        pull_speech(wanted, store, wait=lambda _seconds: None)
    assert (folder / "am/final.mdl").read_bytes() == b"acoustic"


def test_command_lists_pulls_and_names_the_folder(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(_FILES)
    known = catalogue.speech()["vosk-small-en"]
    hub.files[f"/{known.source.repo}/resolve/{known.source.revision}/{known.file}"] = content
    changed = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    monkeypatch.setattr(catalogue, "speech", lambda: {"vosk-small-en": known.model_copy(update=changed)})
    where = ["--dir", str(tmp_path / "models")]
    pulled = CliRunner().invoke(main, ["models", "pull", "vosk-small-en", *where])
    assert pulled.exit_code == 0, pulled.output
    folder = tmp_path / "models/vosk-small-en"
    assert str(folder) in pulled.output
    assert (folder / "conf/model.conf").is_file()
    assert CliRunner().invoke(main, ["models", "path", "vosk-small-en", *where]).output.strip() == str(folder)
    assert "vosk-small-en" in CliRunner().invoke(main, ["models", "list", *where]).output
