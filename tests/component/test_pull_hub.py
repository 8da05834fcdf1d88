from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeassist.errors import ModelError
from edgeassist.models.catalogue import Entry
from edgeassist.models.hub import hub_url
from edgeassist.models.pull import pull
from edgeassist.models.store import Store
from tests.support.hub import Hub, running

CONTENT = b"GGUF" + hashlib.sha256(b"seed").digest() * 30_000
PATH = "/owner/repo/resolve/0123abc/model.Q4_0.gguf"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with running() as hub:
        hub.files[PATH] = CONTENT
        monkeypatch.setenv("EDGEASSIST_HUB_URL", hub.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def waits() -> list[float]:
    return []


def entry(content: bytes = CONTENT, *, verified: bool = True) -> Entry:
    return Entry.model_validate(
        {
            "name": "tiny",
            "title": "A tiny model",
            "file": "model.Q4_0.gguf",
            "size": len(content) if verified else None,
            "sha256": hashlib.sha256(content).hexdigest() if verified else None,
            "verified": verified,
            "licence": "MIT",
            "template": "chatml",
            "context": 512,
            "source": {"kind": "hub", "repo": "owner/repo", "revision": "0123abc"},
        }
    )


def leftovers(store: Store) -> list[str]:
    return [path.name for path in store.folder.iterdir() if path.suffix == ".part"]


def test_download_ends_in_the_store(hub: Hub, store: Store, waits: list[float]) -> None:
    steps: list[tuple[int, int | None]] = []
    stored = pull(entry(), store, download_progress=lambda *step: steps.append(step), wait=waits.append)
    assert stored.path.read_bytes() == CONTENT
    assert stored.source == "owner/repo at 0123abc"
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert not leftovers(store)
    assert not waits


def test_what_is_there_is_not_fetched_again(hub: Hub, store: Store) -> None:
    pull(entry(), store)
    pull(entry(), store)
    assert len(hub.requests) == 1


def test_a_damaged_file_is_fetched_again(hub: Hub, store: Store) -> None:
    pull(entry(), store).path.write_bytes(b"GGUF, but short")
    assert pull(entry(), store).path.read_bytes() == CONTENT


def test_a_cut_connection_is_resumed_where_it_ended(hub: Hub, store: Store, waits: list[float]) -> None:
    hub.cuts = [300_000, 300_000]
    assert pull(entry(), store, wait=waits.append).path.read_bytes() == CONTENT
    assert [wanted for _, wanted in hub.requests] == [None, "bytes=300000-", "bytes=600000-"]
    assert waits == [1.0, 1.0]


def test_a_new_process_goes_on_from_the_part(hub: Hub, store: Store, waits: list[float]) -> None:
    hub.cuts = [300_000] + [0] * 9
    with pytest.raises(ModelError, match="goes on from here"):
        pull(entry(), store, wait=waits.append)
    assert waits == [1.0, 2.0, 4.0, 8.0]
    assert len(leftovers(store)) == 1
    hub.cuts = []
    assert pull(entry(), store).path.read_bytes() == CONTENT
    assert hub.requests[-1][1] == "bytes=300000-"


def test_a_server_without_ranges_sends_it_all_anew(hub: Hub, store: Store, waits: list[float]) -> None:
    hub.ranges, hub.cuts = False, [300_000]
    assert pull(entry(), store, wait=waits.append).path.read_bytes() == CONTENT


def test_a_busy_server_is_asked_again(hub: Hub, store: Store, waits: list[float]) -> None:
    hub.failures = [503, 429, 500]
    assert pull(entry(), store, wait=waits.append).path.read_bytes() == CONTENT
    assert waits == [1.0, 2.0, 4.0]


def test_a_redirect_is_followed(hub: Hub, store: Store) -> None:
    hub.files["/cdn/blob"] = hub.files.pop(PATH)
    hub.redirects[PATH] = f"{hub.url}/cdn/blob"
    hub.cuts = [1000]
    assert pull(entry(), store, wait=lambda _: None).path.read_bytes() == CONTENT
    assert hub.requests[-1] == ("/cdn/blob", "bytes=1000-")


@pytest.mark.parametrize(("status", "reason"), [(404, "does not have it"), (403, "refuses it"), (401, "wants a login")])
def test_a_refusal_is_final_and_leaves_nothing(
    hub: Hub, store: Store, waits: list[float], status: int, reason: str
) -> None:
    hub.failures = [status]
    with pytest.raises(ModelError, match=f"{reason}.*{status}"):
        pull(entry(), store, wait=waits.append)
    assert not leftovers(store)
    assert not waits


def test_wrong_digest_keeps_nothing(hub: Hub, store: Store) -> None:
    hub.files[PATH] = CONTENT[:-1] + b"?"
    with pytest.raises(ModelError, match=r"the catalogue says .*Nothing was kept"):
        pull(entry(), store)
    assert list(store.folder.iterdir()) == []


def test_wrong_size_is_refused_before_it_is_fetched(hub: Hub, store: Store) -> None:
    hub.files[PATH] = CONTENT + b"more"
    with pytest.raises(ModelError, match=f"has {len(CONTENT) + 4} bytes, the catalogue says {len(CONTENT)}"):
        pull(entry(), store)
    assert list(store.folder.iterdir()) == []


def test_a_part_longer_than_the_file_is_thrown_away(hub: Hub, store: Store, waits: list[float]) -> None:
    store.make_folder()
    (store.folder / f".tiny-{entry().sha256 or '':.12}.part").write_bytes(bytes(len(CONTENT) + 1))
    assert pull(entry(), store, wait=waits.append).path.read_bytes() == CONTENT


def test_unverified_model_is_never_pieced_together(hub: Hub, store: Store, waits: list[float]) -> None:
    store.make_folder()
    (store.folder / ".tiny-0123abc.part").write_bytes(b"GGUF of last week")
    stored = pull(entry(verified=False), store, wait=waits.append)
    assert stored.path.read_bytes() == CONTENT
    assert stored.verified is False


def test_two_downloads_of_one_model_do_not_meet(hub: Hub, store: Store) -> None:
    def second(_done: int, _total: int | None) -> None:
        with pytest.raises(ModelError, match="by another process"):
            pull(entry(), store)

    pull(entry(), store, download_progress=second)


def test_no_hub_at_all_is_said(store: Store, monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    monkeypatch.setenv("EDGEASSIST_HUB_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(ModelError, match="Connection refused"):
        pull(entry(), store, wait=waits.append)
    assert len(waits) == 4


def test_too_little_disk_is_said_before_the_download(hub: Hub, store: Store) -> None:
    huge = entry().model_copy(update={"size": 1 << 60})
    with pytest.raises(ModelError, match="MB free, but"):
        pull(huge, store)
    assert hub.requests == []


def test_other_schemes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEASSIST_HUB_URL", "file:///etc")
    with pytest.raises(ModelError, match="must begin with http"):
        hub_url()


def test_a_model_built_from_an_unknown_one_is_refused(store: Store) -> None:
    built = entry(verified=False).model_dump() | {"source": {"kind": "built", "base": "small", "adapter": "tuned"}}
    with pytest.raises(ModelError, match="no model is called 'small'"):
        pull(Entry.model_validate(built), store)
