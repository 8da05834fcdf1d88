"""The values of compact lines: numbers, words, durations, words of the utterance, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


@dataclass(frozen=True)
class Number:
    """A number glued to its verb ("brightness30"): one token less than with a space."""

    pattern: str

    def lark(self, _spoken: str) -> str:
        return f"/{self.pattern}/"

    def read(self, text: str) -> tuple[float | int, str]:
        match = _NUMBER.match(text)
        if match is None:
            raise ValueError(f"no number at {text!r}")
        digits = match[0]
        return (float(digits) if "." in digits else int(digits)), text[match.end() :]

    def write(self, value: float) -> str:
        return f"{value:g}"


PERCENT = Number("100|[1-9]?[0-9]")
DEGREES = Number(r"[1-9]?[0-9](\.[0-9])?")
KELVIN = Number("[1-9][0-9]{3}")


@dataclass(frozen=True)
class Words:
    """One of a few words; ``values`` maps what is written (no spaces) to what is meant."""

    values: Mapping[str, Any]

    def lark(self, _spoken: str) -> str:
        return '" " (' + " | ".join(json.dumps(word) for word in self.values) + ")"

    def read(self, text: str) -> tuple[Any, str]:
        for word in sorted(self.values, key=len, reverse=True):
            if text == f" {word}" or text.startswith(f" {word} "):
                return self.values[word], text[len(word) + 1 :]
        raise ValueError(f"none of the known words at {text!r}")

    def write(self, value: Any) -> str:
        return " " + next(word for word, meant in self.values.items() if meant == value)


@dataclass(frozen=True)
class Duration:
    """Hours, minutes and seconds as said ("timer1h30m"); the value is in seconds."""

    def lark(self, _spoken: str) -> str:
        return "/([1-9][0-9]{0,2}h([1-9][0-9]?m)?([1-9][0-9]?s)?|[1-9][0-9]{0,2}m([1-9][0-9]?s)?|[1-9][0-9]{0,3}s)/"

    def read(self, text: str) -> tuple[int, str]:
        match = _DURATION.match(text)
        if match is None or not match[0]:
            raise ValueError(f"no duration at {text!r}")
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds, text[match.end() :]

    def write(self, value: int) -> str:
        minutes, seconds = divmod(int(value), 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
        return "".join(f"{number}{unit}" for number, unit in parts if number)


@dataclass(frozen=True)
class Spoken:
    """A run of words of the utterance itself: what was not said cannot be decoded."""

    def lark(self, spoken: str) -> str:
        return f'" " {spoken}'

    def read(self, text: str) -> tuple[str, str]:
        words, mark, rest = text.partition(">")
        if not words.strip():
            raise ValueError("no words")
        return words.strip(), mark + rest

    def write(self, value: str) -> str:
        return f" {value}"


@dataclass(frozen=True)
class Marked:
    """Words of the utterance behind a mark that no normalised text contains ("> packing").

    The mark is glued to what stands before it: the lexer never backs up over a space.
    """

    def lark(self, spoken: str) -> str:
        return f'"> " {spoken}'

    def read(self, text: str) -> tuple[str, str]:
        if not text.startswith("> "):
            raise ValueError("no mark")
        return text[2:].strip(), ""

    def write(self, value: str) -> str:
        return f"> {value}"


@dataclass(frozen=True)
class Json:
    """Arguments by a JSON Schema, for functions that users add."""

    schema: Mapping[str, Any]

    def lark(self, _spoken: str) -> str:
        return f'" " %json {json.dumps(self.schema)}'

    def read(self, text: str) -> tuple[Any, str]:
        value, end = json.JSONDecoder().raw_decode(text.lstrip())
        return value, text.lstrip()[end:]

    def write(self, value: Any) -> str:
        return " " + json.dumps(value)
