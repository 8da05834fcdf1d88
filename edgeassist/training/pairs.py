"""Two values of one thing, two things for a list, two timers: commands that share their words."""

from __future__ import annotations

from random import Random

from edgeassist.language.nouns import ALL
from edgeassist.language.syntax import Reading
from edgeassist.text import normalise_utterance

from . import values
from .commands import IMPLIED
from .joiner import Joiner, Maker, words_of
from .sections import Said, forms
from .template import words

#: A light, its colour and its brightness; what is said first stands first in the line.
_COLOURED = (
    "{t} {c} at {v}",
    "{t} {c} {v}",
    "{t} {c} and {v}",
    "{t} to {c} at {v}",
    "set {t} to {c} at {v}",
    "set {t} to {c} and {v}",
    "make {t} {c} at {v}",
    "make {t} {c} and {v}",
    "turn {t} {c} at {v}",
    "put {t} on {c} at {v}",
    "i want {t} {c} at {v}",
    "can you make {t} {c} at {v}",
    "{t} on {c} {v}",
    "turn {t} on {c} {v}",
    "set {t} to {c} with brightness {v}",
    "{t} {c} brightness {v}",
    "make {t} {c} with the brightness at {v}",
    "{t} in {c} at {v} brightness",
    "{t} at {v} and {c}",
    "{t} at {v} in {c}",
    "set {t} to {v} {c}",
    "set {t} to {v} and {c}",
    "{t} {v} {c}",
    "dim {t} to {v} and make it {c}",
    "set {t} brightness to {v} and color {c}",
    "{t} {v} and {c}",
)
_JOINS = (" and ", " and ", " and ", " and some ", " and also ", " plus ", " as well as ")
_TIMERS = (
    "set two timers {d} for the {l} and {e} for the {m}",
    "two timers {d} for {l} and {e} for {m}",
    "set a timer for {d} for the {l} and another for {e} for the {m}",
    "set a {l} timer for {d} and a {m} timer for {e}",
    "set a {l} timer for {d} and a {m} one for {e}",
    "{l} timer {d} and {m} timer {e}",
    "{d} for the {l} and {e} for the {m}",
    "time the {l} for {d} and the {m} for {e}",
    "start a {d} {l} timer and a {e} {m} timer",
    "timer {d} {l} timer {e} {m}",
    "i need {d} for the {l} and {e} for the {m}",
)
_BARE_TIMERS = (
    "set two timers one for {d} and one for {e}",
    "set a timer for {d} and another for {e}",
    "set a {d} timer and a {e} timer",
    "timers for {d} and {e}",
    "two timers {d} and {e}",
    "start timers of {d} and {e}",
)


class Pairs(Joiner):
    """Says two or three commands of one verb, or of two that go together."""

    @property
    def makers(self) -> tuple[tuple[Maker, float], ...]:
        """What there is to say, with its weight among other sentences of several commands."""
        return ((self._coloured, 5), (self._rooms, 12), (self._items, 3.5), (self._timers, 2.5))

    def _coloured(self, rng: Random) -> Said | None:
        """A colour and a brightness for the same light: "the lamp blue at 20 percent"."""
        verb = "color" if rng.random() < 0.7 else "white"
        section = next((s for s in self._plain(verb) if not s.kinds), None)
        brightness = next((s for s in self._plain("brightness") if not s.kinds), None)
        if section is None or brightness is None:
            return None
        ref = self._commands.ref(rng, section, section.templates[section.core[0]])
        if ref is None:
            return None
        color, said = values.color(rng) if verb == "color" else values.white(rng)
        amount, percent = values.percent(rng, lowest=True)
        if percent.isdigit() and rng.random() < 0.7:
            percent += " percent"
        phrase = rng.choice(_COLOURED)
        targets = (ref.target, *ref.more)
        readings = [
            Reading(section.function, section.form, (color,), targets),
            Reading(brightness.function, brightness.form, (amount,), targets),
        ]
        if phrase.index("{v}") < phrase.index("{c}"):
            readings.reverse()
        return Said(phrase.format(t=words_of(rng, ref), c=said, v=percent), tuple(readings))

    def _rooms(self, rng: Random) -> Said | None:
        """One command for all the rooms of a sort: "close the blinds in both bedrooms"."""
        section = next((s for s in self._plain(self._verb(rng)) if not s.kinds), None)
        if section is None or section.form.naming == "named":
            return None
        ids, implied = self._commands.ids(section), section.form.naming == "place"
        nouns = [noun for noun in self._commands.speaker.nouns(ids) if noun not in {ALL.plural, "sensors"}]
        noun = IMPLIED[section.form.verb] if implied else rng.choice(nouns or [""])
        ref = self._commands.speaker.rooms_alike(rng, noun, ids, implied=implied)
        number = rng.choice([n for n in section.core if "t" in section.templates[n].slots] or [section.core[0]])
        if ref is None:
            return None
        return self._commands.realise(rng, section, section.templates[number], section.fixed[number], [ref])

    def _items(self, rng: Random) -> Said | None:
        """Two or three things for one list: "put milk and eggs on the list"."""
        held = [item for item in words("timers.txt")["items"] if " and " not in item]
        items = rng.sample(held, rng.choice((2, 2, 2, 3)))
        made = self._commands.listed(rng, _series(rng, items))
        _, name = made.readings[0].values
        function, form = forms()["add"]
        return Said(made.text, tuple(Reading(function, form, (normalise_utterance(item), name)) for item in items))

    def _timers(self, rng: Random) -> Said | None:
        """Two timers at once, with labels or without."""
        function, form = forms()["timer"]
        (first, said), (second, other) = values.duration(rng), values.duration(rng)
        one, two = rng.sample(words("timers.txt")["labels"], 2)
        labelled = rng.random() < 0.75
        phrase = rng.choice(_TIMERS if labelled else _BARE_TIMERS)
        labels = (normalise_utterance(one), normalise_utterance(two)) if labelled else (None, None)
        readings = tuple(Reading(function, form, read) for read in zip((first, second), labels, strict=True))
        return Said(phrase.format(d=said, e=other, l=one, m=two), readings)


def _series(rng: Random, items: list[str]) -> str:
    before = rng.choice((" ", " ", " and "))
    return f"{before.join(items[:-1])}{rng.choice(_JOINS)}{items[-1]}"
