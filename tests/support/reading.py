"""A reader that is told what it understands: outcomes can be tested whatever a model answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hypothesis import strategies as st

from edgeassist.engine.decoder import Decoded
from edgeassist.functions import Form, Function, all_functions
from edgeassist.functions.slots import Duration, Json, Marked, Number, Spoken, Words
from edgeassist.home import Home
from edgeassist.language import exceptions, syntax
from edgeassist.language.lexicon import EVERYWHERE, HERE, Lexicon
from edgeassist.language.nouns import ALL
from edgeassist.language.syntax import Reading, Target
from edgeassist.rereading import Understood
from edgeassist.text import normalise_utterance

#: What decoding took where nothing was decoded.
NOTHING = Decoded((), (), 1, 0, 0, 0)
FUNCTIONS = all_functions(None)


def understood(
    line: str,
    lexicon: Lexicon,
    *,
    text: str = "",
    confidence: float = 0.9,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Understood:
    """What a model would have given that had decoded ``line``."""
    words, spared = exceptions.split(normalise_utterance(text), lexicon)
    readings = syntax.read(line, functions, lexicon)
    return Understood(words, line, readings, lexicon, confidence, NOTHING, 0.001, spared)


class ScriptedReader:
    """Text -> line, and a text that is itself a line, with a space in front; an exception in place of a line is raised.

    Has the methods of Understanding that the worker uses, so it can stand in for one.
    """

    def __init__(self, script: Mapping[str, str | Exception] | None = None, home: Home | None = None) -> None:
        self.script = dict(script or {})
        self.lexicon = Lexicon.of(home or Home())
        self.confidence = 0.9
        self.closed = False

    def prepare(self, home: Home) -> None:
        self.lexicon = Lexicon.of(home)

    def advance(self) -> bool:
        return True

    def relearn(self, functions: Mapping[str, Function], progress: Callable[[], None]) -> None:
        """Nothing was learned from the household."""

    def abandon(self) -> None:
        """The home before stays in use, as it does anyhow."""

    def close(self) -> None:
        self.closed = True

    def understand(self, text: str, deadline: float) -> Understood:
        line = self.script.get(text, f" {text}")
        if isinstance(line, Exception):
            raise line
        return understood(line, self.lexicon, text=text, confidence=self.confidence)


def targets_of(function: Function, form: Form, lexicon: Lexicon) -> list[Target]:
    """Every target that the grammar offers for a form, worked out in another way than the grammar does."""
    if form.naming == "nothing":
        return []
    ids = {device.id for device in lexicon.home.devices if function.suits(form, device)}
    found = [Target(label=label) for label, device in lexicon.labels.items() if device in ids]
    places = {**lexicon.within, **({HERE: frozenset(ids)} if ids else {})}
    if form.naming == "place":
        found += [Target(place=place) for place, held in places.items() if held & ids]
    for noun, held in lexicon.nouns.items():
        common = noun not in lexicon.shared
        if form.naming == "named" or (form.naming == "place" and common):
            continue
        if noun == ALL.plural and form.verb not in {"on", "off"}:
            continue
        found += [Target(noun=noun, place=place) for place, there in places.items() if held & there & ids]
    return found


def values_of(form: Form, spoken: str) -> Iterator[tuple[object, ...]]:
    """Some values for every part of a form, its optional parts left out once."""
    samples = [_samples(part.slot, spoken) for part in form.parts]
    if all(part.optional for part in form.parts):
        yield tuple(None for _ in form.parts)
    for row in range(3):
        yield tuple(sample[row % len(sample)] for sample in samples)


def _samples(slot: object, spoken: str) -> list[object]:
    match slot:
        case Number(pattern=pattern):
            return [2700, 6500] if "{3}" in pattern else [1, 20, 99]
        case Words(values=values):
            return list(values.values())[:3]
        case Duration():
            return [45, 600, 5400]
        case Spoken() | Marked():
            return [spoken]
        case Json():
            return [{}]
    raise AssertionError(f"no samples for {slot}")


@st.composite
def readings(draw: st.DrawFn, lexicon: Lexicon, spoken: str) -> Reading | None:
    """One reading that this home admits."""
    function = draw(st.sampled_from(list(FUNCTIONS.values())))
    form = draw(st.sampled_from(function.forms))
    values = draw(st.sampled_from(list(values_of(form, spoken))))
    targets = targets_of(function, form, lexicon)
    if form.naming == "nothing":
        return Reading(function, form, values)
    if not targets:
        return None
    return Reading(function, form, values, tuple(draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3))))


__all__ = ["EVERYWHERE", "FUNCTIONS", "HERE", "ScriptedReader", "readings", "targets_of", "understood", "values_of"]
