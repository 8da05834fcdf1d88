"""What people say instead of the name of a scene: "i'm going to bed" where there is a scene called bedtime."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import Reading, Target
from edgeassist.text import normalise_utterance

from .sections import Said, forms
from .template import Template, phrases


@dataclass(frozen=True)
class _Moment:
    names: frozenset[str]
    signs: frozenset[str]
    templates: tuple[Template, ...]


class Moments:
    """The moments that the scenes of one home stand for."""

    def __init__(self, lexicon: Lexicon) -> None:
        by_id = lexicon.home.by_id
        scenes = {label for label, device in lexicon.labels.items() if by_id[device].kind == "scene"}
        held = [(moment, sorted(moment.names & scenes)) for moment in _moments()]
        self._said = [(found[0], moment.templates) for moment, found in held if len(found) == 1]
        self._signs = frozenset[str]().union(*(moment.signs for moment, found in held if found))

    def __bool__(self) -> bool:
        return bool(self._said)

    def say(self, rng: Random) -> Said:
        """A wish for one of the scenes. There must be one."""
        label, templates = rng.choice(self._said)
        function, form = forms()["run"]
        return Said(rng.choice(templates).say(rng, {}), (Reading(function, form, (), (Target(label=label),)),))

    def hinted(self, text: str) -> bool:
        """Whether the text might be meant for a scene of this home, so that it is no good refusal."""
        return not self._signs.isdisjoint(text.split())


@cache
def _moments() -> tuple[_Moment, ...]:
    found = []
    for heading, templates in phrases("moments.txt"):
        names, _, signs = heading.partition("|")
        found.append(_Moment(_items(names), _items(signs), templates))
    return tuple(found)


def _items(listed: str) -> frozenset[str]:
    return frozenset(normalise_utterance(item) for item in listed.split(","))
