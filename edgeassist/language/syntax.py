"""The compact line: readings written and read.

line    = " none" | reading *(";" reading)
reading = " " verb [value] [" " target *("," " " target)]
target  = label | noun " " place | place
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from edgeassist.functions import Form, Function

from .lexicon import EVERYWHERE, HERE, Lexicon
from .standins import standin

NONE = " none"
#: Between two readings.
NEXT = ";"


@dataclass(frozen=True)
class Target:
    """A label alone, a noun with a place, or a place alone."""

    label: str | None = None
    noun: str | None = None
    place: str | None = None

    def __str__(self) -> str:
        return self.label or " ".join(filter(None, (self.noun, self.place)))


@dataclass(frozen=True)
class Reading:
    """One decoded command; ``values`` go with the form's parts, None for a part left out."""

    function: Function
    form: Form
    values: tuple[Any, ...] = ()
    targets: tuple[Target, ...] = ()


def write(readings: Iterable[Reading]) -> str:
    """The compact line of some readings; no reading at all is " none"."""
    return NEXT.join(_write(reading) for reading in readings) or NONE


def _write(reading: Reading) -> str:
    parts = zip(reading.form.parts, reading.values, strict=True)
    values = "".join(part.slot.write(value) for part, value in parts if value is not None)
    targets = ",".join(f" {target}" for target in reading.targets)
    return f" {reading.form.verb}{values}{targets}"


def read(line: str, functions: Mapping[str, Function], lexicon: Lexicon) -> tuple[Reading, ...]:
    """The readings of a line that the grammar of these functions and this lexicon admitted.

    Raises ValueError for a line that it did not admit.
    """
    if line == NONE:
        return ()
    return tuple(
        reading
        for text in line.split(NEXT)
        for reading in _by_device(_read(text, functions, lexicon), functions, lexicon)
    )


def _by_device(reading: Reading, functions: Mapping[str, Function], lexicon: Lexicon) -> Iterator[Reading]:
    """The reading with what its verb means for each of its targets, in their order."""
    if not reading.targets:
        yield reading
    meant = ((_meant(reading, target, functions, lexicon), target) for target in reading.targets)
    for (function, form), group in groupby(meant, key=itemgetter(0)):
        yield Reading(function, form, reading.values, tuple(target for _, target in group))


def _meant(
    reading: Reading, target: Target, functions: Mapping[str, Function], lexicon: Lexicon
) -> tuple[Function, Form]:
    device = lexicon.device_of(target.label) if target.label else None
    if device is None or device in lexicon.reach.fitting(reading.function, reading.form):
        return reading.function, reading.form
    found = standin(functions, reading.form, lexicon.home.by_id[device])
    if found is None:
        raise ValueError(f"{reading.form.verb!r} means nothing for {target}")
    return found


def _read(text: str, functions: Mapping[str, Function], lexicon: Lexicon) -> Reading:
    function, form = _form(text, functions)
    rest = text[len(form.verb) + 1 :]
    values: list[Any] = []
    for part in form.parts:
        try:
            value, rest = part.slot.read(rest)
        except ValueError:
            if not part.optional:
                raise
            value = None
        values.append(value)
    targets = tuple(_target(words.strip(), lexicon) for words in rest.split(",")) if rest else ()
    if bool(targets) == (form.naming == "nothing"):
        raise ValueError(f"{text!r} names its target wrongly")
    return Reading(function, form, tuple(values), targets)


def _form(text: str, functions: Mapping[str, Function]) -> tuple[Function, Form]:
    """The longest verb that the text begins with."""
    found = [
        (function, form)
        for function in functions.values()
        for form in function.forms
        if text.startswith(f" {form.verb}") and not text[len(form.verb) + 1 :][:1].isalpha()
    ]
    if not found:
        raise ValueError(f"{text!r} begins with no known verb")
    return max(found, key=lambda pair: len(pair[1].verb))


def _target(words: str, lexicon: Lexicon) -> Target:
    if words in lexicon.labels:
        return Target(label=words)
    if place := _place(words, lexicon):
        return Target(place=place)
    for first, rest in _splits(words):
        noun = lexicon.aliases.get(first, first)
        if noun in lexicon.nouns and (place := _place(rest, lexicon)):
            return Target(noun=noun, place=place)
    # Last: a part of "Left Lamp Side Gate" may also be said of the lamp at the side gate.
    if words in lexicon.nicknames:
        # The label, so that one reading has one line; devices that share their name have none.
        return Target(label=lexicon.labels_of.get(lexicon.nicknames[words], [words])[0])
    raise ValueError(f"{words!r} is nothing in this home")


def _place(words: str, lexicon: Lexicon) -> str | None:
    """The place by its own name, if the words mean one."""
    name = lexicon.aliases.get(words, words)
    return name if name in lexicon.places or name in {HERE, EVERYWHERE} else None


def _splits(words: str) -> Sequence[tuple[str, str]]:
    split = words.split()
    return [(" ".join(split[:i]), " ".join(split[i:])) for i in range(len(split) - 1, 0, -1)]
