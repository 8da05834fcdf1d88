"""The models of a run: files, models of the store, and those that can be made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from edgeassist.errors import ModelError
from edgeassist.models import catalogue, requantise, shape
from edgeassist.models.store import Store, Stored

from .run import Model

#: The small model as downloaded, in our quantisation and tuned by us, and the shape of the real default.
DEFAULT = ("smollm2-135m", "smollm2-135m-q4_0", "edgeassist-135m", shape.NAMES["q4_0"])
QUICK = DEFAULT[1:3]
_BASE = "smollm2-135m"
_LONGEST = 4096
_LARGE = 300 << 20


def find(name: str, store: Store, say: Callable[[str], None]) -> Model:
    """The model called so, made where it is not there and can be made. Raises ModelError."""
    path = Path(name)
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelError(f"{path} is not a file")
        return Model(path.stem, path)
    stored = store.find(name) or _made(name, store, say) or store.check(name)
    entry = catalogue.find(name)
    return Model(
        name=name,
        path=stored.path,
        template=stored.template or (entry.template if entry else "chatml"),
        context=min(stored.context or _LONGEST, _LONGEST),
        own=entry is not None and entry.source.kind == "built",
        large=stored.size > _LARGE,
    )


def _made(name: str, store: Store, say: Callable[[str], None]) -> Stored | None:
    for shaped, made in shape.NAMES.items():
        if name == made:
            say(f"generating {name}: {shape.TITLE}")
            return shape.ensure(store, shaped, vocabulary_of=store.check(_BASE).path)
    for form in requantise.REPACKED:
        base = name.removesuffix(f"-{form}")
        if base != name and store.find(base):
            say(f"quantising {base} to {form}")
            return requantise.requantise(store, base, form)
    return None
