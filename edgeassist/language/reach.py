"""Which devices a form fits and where they are, worked out once for a home: nothing of it depends on what is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from edgeassist.functions import Form, Function

from .standins import grants, standin

if TYPE_CHECKING:
    from .lexicon import Lexicon


class Reach:
    """The answers for one whole lexicon; places are in the lexicon's order."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fitting: dict[tuple[str, str], frozenset[str]] = {}
        self._granting: dict[str, frozenset[str]] = {}
        self._standing_in: dict[tuple[frozenset[str], str], frozenset[str]] = {}
        self._nouns: dict[frozenset[str], dict[str, tuple[str, ...]]] = {}
        self._places: dict[frozenset[str], tuple[str, ...]] = {}

    def fitting(self, function: Function, form: Form) -> frozenset[str]:
        """Ids of the devices that may be a target of the form."""
        key = function.name, form.verb
        if key not in self._fitting:
            devices = self._lexicon.home.devices
            self._fitting[key] = frozenset(device.id for device in devices if function.suits(form, device))
        return self._fitting[key]

    def granting(self, form: Form) -> frozenset[str]:
        """Ids of the devices that grant the form's wish for the place where they are."""
        if form.verb not in self._granting:
            devices = self._lexicon.home.devices
            self._granting[form.verb] = frozenset(device.id for device in devices if grants(form.verb, device))
        return self._granting[form.verb]

    def standing_in(self, functions: Mapping[str, Function], function: Function, form: Form) -> frozenset[str]:
        """Ids of the devices for which the form's verb means another form."""
        fitting = self.fitting(function, form)
        key = frozenset(each.verb for other in functions.values() for each in other.forms), form.verb
        if key not in self._standing_in:
            others = (device for device in self._lexicon.home.devices if device.id not in fitting)
            self._standing_in[key] = frozenset(device.id for device in others if standin(functions, form, device))
        return self._standing_in[key]

    def nouns(self, ids: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Nouns that some of the devices have -> the places where those are."""
        if ids not in self._nouns:
            held = {noun: meant & ids for noun, meant in self._lexicon.nouns.items()}
            self._nouns[ids] = {noun: self.places(some) for noun, some in held.items() if some}
        return self._nouns[ids]

    def places(self, ids: frozenset[str]) -> tuple[str, ...]:
        """Places where one of the devices is, ``everywhere`` included if there are any."""
        if ids not in self._places:
            found = {place for device in ids for place in self._places_of[device]}
            self._places[ids] = tuple(place for place in self._lexicon.within if place in found)
        return self._places[ids]

    @cached_property
    def _places_of(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for place, ids in self._lexicon.within.items():
            for device in ids:
                found[device].append(place)
        return found
