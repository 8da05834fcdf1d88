"""TOML files into pydantic models, with errors that name file, line, key, value and a way out."""

from __future__ import annotations

import difflib
import re
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import ConfigError

M = TypeVar("M", bound=BaseModel)
Key = tuple[str | int, ...]

_SECRET = re.compile(r"password|secret|token|(^|_)pin(_|$)", re.IGNORECASE)
_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_BARE_OR_QUOTED = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_SHOWN_CHARS = 60
_MAX_BYTES = 1024 * 1024


def load_toml(path: Path, model: type[M]) -> M:
    """The file as a ``model``. Raises ConfigError: a line ``file:line: key = value: problem. hint`` per problem."""
    data, text = read_toml(path)
    lines = key_lines(text)
    return validate(model, data, lambda key: f"{path}:{line_of(lines, key)}")


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The file's data and its text. Raises ConfigError when it cannot be read or is not TOML."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ConfigError(f"{path}: larger than {_MAX_BYTES} bytes, which no such file is")
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text at byte {error.start}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        line = int(found[2]) if found and found[2] else text.count("\n") + 1
        raise ConfigError(f"{path}:{line}: not TOML: {found[1] if found else error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deeply") from None


def validate(model: type[M], data: Mapping[str, Any], locate: Callable[[Key], str]) -> M:
    """``data`` as a ``model``; ``locate`` says where a key was written, for the message."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [_line(model, problem, locate) for problem in error.errors(include_url=False)]
        raise ConfigError("\n".join(dict.fromkeys(problems))) from None


def line_of(lines: Mapping[Key, int], key: Key) -> int:
    """The line of a key; of the nearest part around it when the key itself is missing or written inline."""
    known: Key = ()
    for part in key:
        if (*known, part) in lines:
            known = (*known, part)
    return lines.get(known, 1)


def key_lines(text: str) -> dict[Key, int]:
    """The line on which each key and table of a valid TOML text stands; entries of arrays of tables by number."""
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    open_until: _Open = _Open()
    for number, line in enumerate(text.splitlines(), 1):
        if open_until.inside:
            open_until.feed(line)
            continue
        header = _HEADER.match(line)
        if header:
            table = _table(_parts(header[2])[0], array=header[1] == "[[", counts=counts)
            for depth in range(1, len(table) + 1):
                lines.setdefault(table[:depth], number)
            continue
        parts, rest = _parts(line)
        if parts and rest.startswith("="):
            for depth in range(1, len(parts) + 1):
                lines.setdefault((*table, *parts[:depth]), number)
            open_until.feed(rest[1:])
    return lines


def masked(key: Key, value: object) -> str:
    """A value for a message: shortened, and hidden where its key says that it is a secret."""
    if _is_secret(key):
        return "***"
    if isinstance(value, Mapping | BaseModel) or (
        isinstance(value, list) and any(isinstance(v, Mapping) for v in value)
    ):
        # Whole tables say little, and may hold a secret further in.
        return "[...]" if isinstance(value, list) else "{...}"
    shown = repr(value)
    return shown if len(shown) <= _SHOWN_CHARS else shown[: _SHOWN_CHARS - 3] + "..."


def _is_secret(key: Key) -> bool:
    return any(isinstance(part, str) and _SECRET.search(part) and not part.endswith("_file") for part in key)


class _Open:
    """Whether a value goes on in the next line: brackets, or a string of three quotes."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""

    @property
    def inside(self) -> bool:
        return self._depth > 0 or bool(self._quote)

    def feed(self, text: str) -> None:
        i = 0
        while i < len(text):
            if self._quote:
                i = self._skip_string(text, i)
                continue
            c = text[i]
            if c == "#":
                break
            if c in "\"'":
                self._quote = text[i : i + 3] if text[i : i + 3] == c * 3 else c
                i += len(self._quote)
                continue
            self._depth += (c in "[{") - (c in "]}")
            i += 1
        if len(self._quote) == 1:
            self._quote = ""

    def _skip_string(self, text: str, i: int) -> int:
        if text[i] == "\\" and self._quote[0] == '"':
            return i + 2
        if text.startswith(self._quote, i):
            end = i + len(self._quote)
            self._quote = ""
            return end
        return i + 1


def _parts(text: str) -> tuple[tuple[str, ...], str]:
    """The dotted key at the start of a text, and what follows it."""
    parts: list[str] = []
    while match := _BARE_OR_QUOTED.match(text):
        parts.append(next(group for group in match.groups() if group is not None))
        text = text[match.end() :]
        if not text.startswith("."):
            break
        text = text[1:]
    return tuple(parts), text


def _table(parts: tuple[str, ...], *, array: bool, counts: dict[Key, int]) -> Key:
    """The key of a table header: below an array of tables it means the latest entry."""
    key: Key = ()
    for depth, part in enumerate(parts):
        key = (*key, part)
        last = depth == len(parts) - 1
        if array and last:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _line(model: type[BaseModel], problem: ErrorDetails, locate: Callable[[Key], str]) -> str:
    key: Key = problem["loc"]
    name = _dotted(key) or "(file)"
    where = locate(key)
    if problem["type"] == "extra_forbidden":
        known = _fields_at(model, key[:-1])
        close = difflib.get_close_matches(str(key[-1]), known, 1, 0.6)
        hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(sorted(known))}." if known else ""
        # "pasword" holds a password too.
        meant: Key = (*key[:-1], close[0]) if close else key
        shown = masked(key, "") if _is_secret(key) else masked(meant, problem["input"])
        return f"{where}: {name} = {shown}: unknown key. {hint}".rstrip()
    if problem["type"] == "missing":
        return f"{where}: {name}: is missing."
    return f"{where}: {name} = {masked(key, problem['input'])}: {_plain(problem)}."


def _dotted(key: Key) -> str:
    """A key as a person counts: ``device[1].name`` is of the first device. Notes on types are left out."""
    written = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key if not _is_note(part))
    return written.removeprefix(".")


def _is_note(part: str | int) -> bool:
    return isinstance(part, str) and ("[" in part or "(" in part)


def _plain(problem: ErrorDetails) -> str:
    """The message without pydantic's own words for things; of words to choose from, the one that was meant."""
    if problem["type"] == "literal_error":
        expected = str(problem.get("ctx", {}).get("expected", ""))
        close = difflib.get_close_matches(str(problem["input"]), re.findall(r"'([^']*)'", expected), 1, 0.6)
        return f"must be {expected}" + (f" (did you mean {close[0]!r}?)" if close else "")
    if problem["type"] == "path_type":
        return "must be a path, in quotes"
    text = problem["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")
    return re.sub(r"^(I|i)nput should ", "must ", text[:1].lower() + text[1:])


def _fields_at(model: type[BaseModel], key: Key) -> list[str]:
    """The names that a table may have, found by walking the model's annotations."""
    models = [model]
    for part in key:
        deeper = [m for parent in models for m in _models_in(_annotation(parent, part))]
        # A number, or a name that a mapping's user chose: the annotation of the field before covers it.
        models = deeper or models
    return sorted({field.alias or name for m in models for name, field in m.model_fields.items()})


def _annotation(model: type[BaseModel], part: str | int) -> object:
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            return field.annotation
    return None


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [m for argument in typing.get_args(annotation) for m in _models_in(argument)]
