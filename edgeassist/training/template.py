"""Phrases that are written in files: sections of templates, and lists of words.

A template is text with ``[optional]``, ``(one|or|other)`` and ``{slot}``; a file has sections ``== heading``
and comments ``# ``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random

_TOKEN = re.compile(r"[\[\]()|]|\{\w+\}|[^\[\](){}|]+")
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Slot:
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[tuple[Node, ...], ...]


Node = str | Slot | Choice


@dataclass(frozen=True, slots=True)
class Template:
    """One phrase; ``slots`` are the names of all that it may ask for."""

    nodes: tuple[Node, ...]
    slots: frozenset[str]
    source: str

    def say(self, rng: Random, fill: Mapping[str, str]) -> str:
        """One wording of the phrase. Raises KeyError for a slot that ``fill`` lacks."""
        out: list[str] = []
        _say(self.nodes, rng, fill, out)
        return _SPACES.sub(" ", "".join(out)).strip()


def _say(nodes: tuple[Node, ...], rng: Random, fill: Mapping[str, str], out: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Slot):
            out.append(fill[node.name])
        else:
            _say(node.options[int(rng.random() * len(node.options))], rng, fill, out)


def parse(source: str) -> Template:
    """Raises ValueError for brackets that do not match."""
    tokens = _TOKEN.findall(source)
    if "".join(tokens) != source:
        raise ValueError(f"template {source!r}: a brace does not match")
    nodes, at = _sequence(tokens, 0)
    if at != len(tokens):
        raise ValueError(f"template {source!r}: a bracket does not match")
    return Template(nodes, frozenset(each[1:-1] for each in tokens if each[0] == "{"), source)


def _sequence(tokens: list[str], at: int) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    while at < len(tokens) and tokens[at] not in {")", "]", "|"}:
        mark = tokens[at]
        if mark in {"(", "["}:
            options: list[tuple[Node, ...]] = [] if mark == "(" else [()]
            while True:
                option, at = _sequence(tokens, at + 1)
                options.append(option)
                if at >= len(tokens):
                    raise ValueError(f"template {''.join(tokens)!r}: a bracket is not closed")
                if tokens[at] != "|":
                    break
            nodes.append(Choice(tuple(options)))
        else:
            nodes.append(Slot(mark[1:-1]) if mark[0] == "{" else mark)
        at += 1
    return tuple(nodes), at


def _lines(name: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in _text(name).splitlines():
        if line.startswith("== "):
            found.append((line[3:].strip(), []))
        elif line.strip() and not line.startswith("# "):
            found[-1][1].append(line.strip())
    return found


@cache
def words(name: str) -> dict[str, tuple[str, ...]]:
    """Section -> its items, which commas or lines separate."""
    return {
        heading: tuple(item.strip() for line in lines for item in line.split(",") if item.strip())
        for heading, lines in _lines(name)
    }


@cache
def phrases(name: str) -> tuple[tuple[str, tuple[Template, ...]], ...]:
    """Sections in the order of the file, each with its heading."""
    return tuple((heading, tuple(map(parse, lines))) for heading, lines in _lines(name))


@cache
def lists(name: str) -> dict[str, tuple[str, ...]]:
    """What stands before a colon -> what stands behind it, between commas; a file of one line for each."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _text(name).splitlines():
        said, colon, others = line.partition(":")
        if colon and not line.startswith("# "):
            found[said.strip()] = tuple(other.strip() for other in others.split(",") if other.strip())
    return found


def _text(name: str) -> str:
    return (resources.files(__package__) / "phrases" / name).read_text(encoding="utf-8")
