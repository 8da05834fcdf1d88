"""Models that are made here: a base of the catalogue with an adapter that this package brings along."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from edgeassist.errors import ModelError
from edgeassist.models.catalogue import BuiltSource, Entry
from edgeassist.models.records import Progress
from edgeassist.models.store import Origin, Store, Stored


def adapter_of(source: BuiltSource) -> Path:
    """The adapter's file in the package."""
    return Path(str(files("edgeassist.models"))) / "adapters" / source.adapter


def build(entry: Entry, source: BuiltSource, base: Stored, store: Store, progress: Progress | None) -> Path:
    """Merge base and adapter into a ``.part`` in the store's folder; about a minute on a small board."""
    from edgeassist.models.build import merge

    adapter = adapter_of(source)
    if not adapter.is_file():
        raise ModelError(f"{entry.name}: this installation has no {source.adapter}; install the package again")
    store.need_space(2 * base.size)
    part = store.folder / f".{entry.name}.part"
    try:
        merge(base.path, adapter, part, quantisation=source.quantisation, progress=_scaled(progress, base.size))
    except ValueError as error:
        raise ModelError(f"{entry.name}: {error}") from error
    return part


def tuned(store: Store, base: str, adapter: Path, name: str, progress: Progress | None = None) -> Stored:
    """A model of the store with an adapter of one's own merged in, kept as ``name``. Raises ModelError."""
    from edgeassist.models.build import merge

    source = store.check(base)
    store.need_space(2 * source.size)
    with tempfile.TemporaryDirectory(dir=store.folder, prefix=".build-") as folder:
        part = Path(folder, "part.gguf")
        try:
            merge(source.path, adapter, part, progress=_scaled(progress, source.size))
        except (ValueError, OSError) as error:
            raise ModelError(f"{base} with {adapter}: {error}") from error
        origin = Origin(
            f"built from {base} {source.sha256[:12]} and {adapter.name}", template="compact", context=source.context
        )
        return store.accept(part, name, origin)


def _scaled(progress: Progress | None, size: int) -> Callable[[float], None] | None:
    return None if progress is None else lambda done: progress(round(done * size), size)
