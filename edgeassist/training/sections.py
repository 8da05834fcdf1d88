"""Sections of phrase files: templates with one verb, and the devices that they may speak of.

``== verb @kind:class,kind =noun,noun implied needs room`` heads a section
(``single``: only where one device fits). "! " before a phrase makes it a short
imperative, fit to be joined with others; "50> " fixes its value. Of the slots, ``{t}`` is a target with its determiner,
``{b}`` without; ``{p}`` a place said behind (or nothing), ``{room}`` its bare name, ``{v}`` a value,
``{who}`` somebody. A phrase without a
target means this room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from edgeassist.functions import Form, Function, builtin_functions
from edgeassist.language.syntax import Reading

from .template import Template, parse, phrases


@dataclass(frozen=True)
class Section:
    """Templates with one verb that ask for the same sort of target."""

    function: Function
    form: Form
    kinds: frozenset[tuple[str, str | None]]
    nouns: tuple[str, ...]
    flags: frozenset[str]
    templates: tuple[Template, ...]
    fixed: tuple[int | None, ...]
    core: tuple[int, ...] = field(default=())

    @property
    def implied(self) -> bool:
        return "implied" in self.flags


@dataclass(frozen=True)
class Said:
    """An utterance, not yet normalised, and its readings."""

    text: str
    readings: tuple[Reading, ...]


COMMANDS = (
    *("commands.txt", "everyday.txt", "homely.txt", "comforts.txt", "intents.txt"),
    *("fronted.txt", "needs.txt", "sound.txt", "reported.txt"),
)
#: Without a verb, for several at once.
BRIEF = ("brief.txt",)
QUESTIONS = ("questions.txt", "enquiries.txt", "asked.txt", "intents_questions.txt")


@cache
def sections(names: tuple[str, ...]) -> dict[str, tuple[Section, ...]]:
    """Verb -> its sections in those files."""
    found: dict[str, list[Section]] = {}
    for heading, templates in (section for name in names for section in phrases(name)):
        verb, kinds, nouns, flags = _heading(heading)
        function, form = forms()[verb]
        clean, fixed, core = [], [], []
        for number, template in enumerate(templates):
            source, value, is_core = _marks(template.source)
            clean.append(parse(source))
            fixed.append(value)
            if is_core:
                core.append(number)
        section = Section(function, form, kinds, nouns, flags, tuple(clean), tuple(fixed), tuple(core))
        found.setdefault(verb, []).append(section)
    return {verb: tuple(held) for verb, held in found.items()}


def _marks(source: str) -> tuple[str, int | None, bool]:
    if source.startswith("! "):
        return source[2:], None, True
    value, mark, rest = source.partition("> ")
    return (rest, int(value), False) if mark and value.isdigit() else (source, None, False)


def _heading(heading: str) -> tuple[str, frozenset[tuple[str, str | None]], tuple[str, ...], frozenset[str]]:
    verb: list[str] = []
    kinds: set[tuple[str, str | None]] = set()
    nouns: tuple[str, ...] = ()
    flags: set[str] = set()
    at_nouns = heading.find("=")
    if at_nouns >= 0:
        tail = heading[at_nouns + 1 :]
        for words, flag in (("needs room", "room"), ("single", "single")):
            if tail.endswith(words):
                tail = tail.removesuffix(words)
                flags.add(flag)
        nouns = tuple(noun.strip() for noun in tail.split(","))
        heading = heading[:at_nouns]
    for word in heading.split():
        if word.startswith("@"):
            for kind in word[1:].split(","):
                name, colon, sort = kind.partition(":")
                kinds.add((name, sort if colon else None))
        elif word in {"implied", "needs", "room", "everywhere"}:
            flags.add(word)
        else:
            verb.append(word)
    return " ".join(verb), frozenset(kinds), nouns, frozenset(flags - {"needs"})


@cache
def forms() -> dict[str, tuple[Function, Form]]:
    return {form.verb: (function, form) for function in builtin_functions().values() for form in function.forms}


def fits(section: Section, kind: str, device_class: str | None) -> bool:
    kinds = section.kinds
    return (kind, None) in kinds or (kind, device_class or "") in kinds
