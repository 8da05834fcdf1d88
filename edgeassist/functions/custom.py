"""Functions that users add: one TOML file each in ``functions.d``.

.. code-block:: toml

    name = "feed_cat"
    description = "fill the cat's bowl"
    say = "feed the cat"                       # what it is called; default: the name in words
    topic = "feeder/cat/set"
    payload = '{"portions": {{ portions }}}'   # a Jinja template over the arguments
    risk = "low"                               # or "confirm", "deny"
    idempotent = false                         # true: twice is the same as once, so a restart may repeat it

    [arguments]                                # JSON Schema of the arguments, if there are any
    type = "object"
    properties.portions = { type = "integer", minimum = 1, maximum = 4 }
    required = ["portions"]

To the model such a function is one more scene of the home, so no training is needed to call it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from edgeassist.errors import CommandError, ConfigError
from edgeassist.messages import Publish
from edgeassist.text import normalise_utterance
from edgeassist.tomlfile import load_toml

from .base import Form, Function, Part
from .slots import Json


class FunctionFile(BaseModel):
    """One file of ``functions.d``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    description: str = Field(min_length=1, max_length=200)
    say: str | None = Field(default=None, min_length=1, max_length=80)
    topic: str = Field(min_length=1, max_length=1024, pattern=r"^[^+#\x00-\x1f]+$")
    payload: str = Field(default="", max_length=8192)
    risk: Literal["low", "confirm", "deny"] = "low"
    idempotent: bool = False
    arguments: dict[str, Any] = {}

    @field_validator("arguments")
    @classmethod
    def _closed_object(cls, schema: dict[str, Any]) -> dict[str, Any]:
        if not schema:
            return schema
        if schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
            raise ValueError('must be a JSON Schema of an object: type = "object", with properties')
        return {"additionalProperties": False, **schema}


def load_functions(folder: Path, taken: Mapping[str, Function]) -> dict[str, Function]:
    """The functions of a folder by name. Raises ConfigError for a file that cannot be one, or a name that is taken."""
    found: dict[str, Function] = {}
    for path in sorted(folder.glob("*.toml")):
        file = load_toml(path, FunctionFile)
        if file.name in taken or file.name in found:
            raise ConfigError(f"{path}: name = {file.name!r}: there is such a function already. Choose another name.")
        found[file.name] = _function(file, path)
    return found


def _function(file: FunctionFile, path: Path) -> Function:
    words = normalise_utterance(file.say or file.name)
    if not words:
        raise ConfigError(f"{path}: say = {file.say!r}: has no word in it.")
    parts = (Part("*", Json(file.arguments)),) if file.arguments else ()
    return Function(
        file.name,
        file.description,
        (Form(f"run {words}", "nothing", parts),),
        risk=lambda _device: file.risk,
        idempotent=lambda _arguments: file.idempotent,
        command=_command(file, path),
        topic=file.topic,
        spoken=words,
    )


def _command(file: FunctionFile, path: Path) -> Callable[[Mapping[str, Any]], Publish]:
    from edgeassist.conventions.templates import template

    try:
        payload = template(file.payload)
    except ValueError as error:
        raise ConfigError(f"{path}: payload = {file.payload!r}: {error}") from None

    def command(arguments: Mapping[str, Any]) -> Publish:
        try:
            return Publish(file.topic, payload.command(None, arguments).encode())
        except ValueError as error:
            raise CommandError(f"{file.name}: its payload cannot be rendered: {error}") from None

    return command
