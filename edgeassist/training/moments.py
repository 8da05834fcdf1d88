"""What people say instead of a name: "i'm going to bed" where there is a scene called bedtime, "make me a coffee"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from edgeassist.functions import Form, Function
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import Reading, Target
from edgeassist.text import normalise_utterance

from .sections import Said, forms
from .template import Template, phrases


@dataclass(frozen=True)
class _Moment:
    """``names`` of the things that are meant; ``signs`` are words that betray the wish."""

    verb: str
    names: frozenset[str]
    signs: frozenset[str]
    templates: tuple[Template, ...]

    @property
    def form(self) -> tuple[Function, Form]:
        return forms()[self.verb]

    def meant(self, lexicon: Lexicon, named: Mapping[str, str | None]) -> dict[str, str]:
        """Device -> label of the things of this home that the wish may be for; ``named`` is what each label names."""
        function, form = self.form
        found: dict[str, str] = {}
        for label, name in named.items():
            device = lexicon.home.by_id[lexicon.labels[label]]
            if name in self.names and device.kind not in _UNNAMED and function.suits(form, device):
                found.setdefault(device.id, label)
        return found


#: Things that nobody wishes for without saying so.
_UNNAMED = frozenset({"button"})


class Moments:
    """The moments that the scenes of one home stand for, and what its things are for."""

    def __init__(self, lexicon: Lexicon) -> None:
        by_id = lexicon.home.by_id
        # A scene is wished for by its very name; a thing may have its room in front.
        named = {label: label if by_id[id_].kind == "scene" else _thing(label) for label, id_ in lexicon.labels.items()}
        held = [(moment, moment.meant(lexicon, named)) for moment in _moments()]
        self._said = [(next(iter(found.values())), moment) for moment, found in held if len(found) == 1]
        self._signs = frozenset[str]().union(*(moment.signs for moment, found in held if found))

    def __bool__(self) -> bool:
        return bool(self._said)

    def say(self, rng: Random) -> Said:
        """A wish for one of the scenes or things. There must be one."""
        label, moment = rng.choice(self._said)
        function, form = moment.form
        return Said(rng.choice(moment.templates).say(rng, {}), (Reading(function, form, (), (Target(label=label),)),))

    def hinted(self, text: str) -> bool:
        """Whether the text might be meant for something of this home, so that it is no good refusal."""
        return not self._signs.isdisjoint(text.split())


@cache
def _moments() -> tuple[_Moment, ...]:
    scenes = (("run", heading, templates) for heading, templates in phrases("moments.txt"))
    return tuple(_Moment(verb, *_split(heading), templates) for verb, heading, templates in (*scenes, *_uses()))


def _uses() -> Iterator[tuple[str, str, tuple[Template, ...]]]:
    for heading, templates in phrases("uses.txt"):
        verb, _, rest = heading.partition(" ")
        yield verb.replace("_", " "), rest, templates


def _split(heading: str) -> tuple[frozenset[str], frozenset[str]]:
    names, _, signs = heading.partition("|")
    return _items(names), _items(signs)


def _items(listed: str) -> frozenset[str]:
    return frozenset(normalise_utterance(item) for item in listed.split(","))


def _thing(label: str) -> str | None:
    """The longest ending of a label that people wish for something of: a bathroom fan is no desk fan."""
    words = label.split()
    endings = (" ".join(words[start:]) for start in range(len(words)))
    return next((ending for ending in endings if ending in _things()), None)


@cache
def _things() -> frozenset[str]:
    return frozenset[str]().union(*(moment.names for moment in _moments()))
