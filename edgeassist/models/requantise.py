"""A model in another form: llama.cpp's own quantiser, the digest of what came out recorded."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from edgeassist.models import catalogue
from edgeassist.models.store import Origin, Store, Stored

if TYPE_CHECKING:
    from edgeassist.engine.quantise import Form

#: Forms for which llama.cpp has kernels that take several tokens at once: on ARM with dot products, and on x86 but for
#: q8_0.
REPACKED: tuple[Literal["q4_0", "q8_0", "q4_k_m"], ...] = ("q4_0", "q8_0", "q4_k_m")


def built_name(base: str, form: Form) -> str:
    """What the model ``base`` is called in that form."""
    head, _, last = base.rpartition("-")
    stem = head if last in {"f16", *REPACKED, "q4_1"} else base
    return f"{stem}-{form}"


def requantise(store: Store, base: str, form: Form) -> Stored:
    """Quantise a model of the store into the store. The same base and form give the same file.

    Raises ModelError where the base is missing or damaged, or there is no room.
    """
    from edgeassist.engine.quantise import quantise

    source = store.check(base)
    entry = catalogue.find(base)
    store.need_space(2 * source.size)
    name = built_name(base, form)
    with tempfile.TemporaryDirectory(dir=store.folder, prefix=".build-") as folder:
        part = Path(folder, "part.gguf")
        quantise(source.path, part, form)
        origin = Origin(
            f"built from {base} {source.sha256[:12]} as {form} by llama.cpp's quantiser",
            template=source.template or (entry.template if entry else None),
            context=source.context,
        )
        return store.accept(part, name, origin)
