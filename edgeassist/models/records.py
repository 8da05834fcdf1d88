"""What is remembered beside each model file, so that a start need not read hundreds of megabytes to trust it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edgeassist.errors import ModelError
from edgeassist.models import catalogue

#: Told (bytes done, bytes in all or None) as work goes on.
Progress = Callable[[int, int | None], None]

_CHUNK = 1 << 20
_FILE = re.compile(rf"^(?P<name>{catalogue.NAME})-(?P<digest>[0-9a-f]{{12}})\.gguf$")


class Record(BaseModel):
    """``mtime_ns`` is that of the file when ``sha256`` was last found right; 0 for never."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int
    mtime_ns: int
    source: str
    template: catalogue.Template | None = None
    context: int | None = None


def file_name(name: str, sha256: str) -> str:
    return f"{name}-{sha256[:12]}.gguf"


def model_name(file: str) -> str | None:
    """The model that a file of that name holds; None for other files."""
    match = _FILE.match(file)
    return match["name"] if match else None


def path_of(model: Path) -> Path:
    return model.with_suffix(".json")


def read(model: Path) -> Record:
    """The record of a model file. Without one the catalogue, else the file itself, says what it is."""
    try:
        return Record.model_validate_json(path_of(model).read_bytes())
    except (OSError, ValidationError):
        return _rebuilt(model)


def write(model: Path, record: Record) -> None:
    scratch = path_of(model).with_suffix(".tmp")
    scratch.write_text(record.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")
    sync(scratch)
    scratch.replace(path_of(model))


def sha256_of(path: Path, progress: Progress | None = None) -> str:
    digest, done, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            if progress:
                progress(done, total)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Bring a file or folder onto the disk: after a power loss a renamed file could be empty otherwise."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rebuilt(model: Path) -> Record:
    match = _FILE.match(model.name)
    assert match
    entry = catalogue.find(match["name"])
    if entry and entry.sha256 and entry.size and entry.sha256.startswith(match["digest"]):
        return Record(name=entry.name, sha256=entry.sha256, size=entry.size, mtime_ns=0, source="unknown")
    digest = sha256_of(model)
    if not digest.startswith(match["digest"]):
        raise ModelError(f"{model} is damaged: its sha256 begins with {digest[:12]}, unlike its name")
    return Record(name=match["name"], sha256=digest, size=model.stat().st_size, mtime_ns=0, source="unknown")
