"""Commands and questions: sections of phrases, turned into an utterance and the line that it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from edgeassist.functions import Form
from edgeassist.language.lexicon import EVERYWHERE, HERE
from edgeassist.language.nouns import ALL
from edgeassist.language.syntax import Reading, Target
from edgeassist.text import normalise_utterance

from . import values
from .rambles import person
from .sections import Said, Section, fits, forms, sections
from .speech import Ref, Speaker
from .template import Template, phrases, words
from .vocabulary import possessive

#: The noun that people say for the targets of a form whose line names the place only.
IMPLIED = {
    "brightness": "lights",
    "brighter": "lights",
    "darker": "lights",
    "color": "lights",
    "white": "lights",
    "lock": "locks",
    "unlock": "locks",
    "temperature": "heating",
    "warmer": "heating",
    "cooler": "heating",
    "mode": "heating",
    "speed": "fans",
    "faster": "fans",
    "slower": "fans",
    "play": "players",
    "pause": "players",
    "halt": "players",
    "next": "players",
    "previous": "players",
    "volume": "players",
    "louder": "players",
    "quieter": "players",
    "mute": "players",
    "unmute": "players",
}
#: How the values of a verb are said; of any other they are steps.
_AMOUNTS: Mapping[str, Callable[[Random], tuple[Any, str]]] = {
    "brightness": partial(values.percent, lowest=True, levels=values.LIGHT_LEVELS),
    "position": values.percent,
    "speed": partial(values.percent, levels=values.FAN_LEVELS),
    "volume": partial(values.percent, levels=values.SOUND_LEVELS),
    "color": values.color,
    "white": values.white,
}


class Commands:
    """Says the commands that one home permits."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._possible: dict[int, frozenset[str]] = {}

    def ids(self, section: Section) -> frozenset[str]:
        """Devices that the section may speak of."""
        key = id(section)
        if key not in self._possible:
            ids = self.speaker.ids(section.function, section.form)
            if section.implied:
                ids |= self.speaker.lexicon.reach.granting(section.form)
            by_id = self.speaker.home.by_id
            if section.kinds:
                ids = frozenset(i for i in ids if fits(section, by_id[i].kind, by_id[i].device_class))
            if section.nouns and ids:
                held = self.speaker.lexicon.nouns
                ids &= frozenset().union(*(held.get(noun, frozenset()) for noun in section.nouns))
            if "single" in section.flags and len(ids) != 1:
                ids = frozenset()
            self._possible[key] = ids
        return self._possible[key]

    def possible(self, names: tuple[str, ...]) -> dict[str, tuple[Section, ...]]:
        """The verbs of some files that this home has something for."""
        found = {}
        for verb, held in sections(names).items():
            if good := tuple(section for section in held if self.ids(section)):
                found[verb] = good
        return found

    def say(self, rng: Random, held: Sequence[Section], *, core: bool = False) -> Said | None:
        """One utterance of these sections; ``core``: a short imperative."""
        if core:
            held = [section for section in held if section.core]
            if not held:
                return None
        weights = [
            len(section.templates) ** 0.7 * (0.6 if section.implied or section.nouns else 1.0) for section in held
        ]
        section = rng.choices(held, weights)[0]
        number = rng.choice(section.core) if core else int(rng.random() * len(section.templates))
        template, fixed = section.templates[number], section.fixed[number]
        ref = self.ref(rng, section, template)
        return None if ref is None else self.realise(rng, section, template, fixed, [ref])

    def realise(
        self, rng: Random, section: Section, template: Template, fixed: int | None, refs: Sequence[Ref]
    ) -> Said | None:
        """The utterance of one template for these targets."""
        label = refs[0].target.label
        ids = frozenset({self.speaker.lexicon.labels[label]}) if label else self.ids(section)
        value, said = self.value(rng, section, fixed, ids, wanted="v" in template.slots)
        if section.form.parts and value is None and not section.form.parts[0].optional:
            return None
        slots = {**_joined(rng, refs), "v": said, "who": person(rng)}
        text = template.say(rng, slots)
        room = refs[0].room
        if room and possessive(room):
            text = text.replace(f"the {room}", room)
        text = text.replace("the the ", "the ")
        values_said = (value,) if section.form.parts else ()
        return Said(
            text,
            (
                Reading(
                    section.function,
                    section.form,
                    values_said,
                    tuple(target for ref in refs for target in (ref.target, *ref.more)),
                ),
            ),
        )

    def ref(self, rng: Random, section: Section, template: Template) -> Ref | None:
        """A target that suits the section and what the template asks for."""
        ids = self.ids(section)
        explicit = bool(template.slots & {"t", "b"})
        if section.implied or section.nouns:
            noun = self._noun(rng, section, ids)
            implied = section.form.naming == "place"
            if implied and not explicit:
                place = self._place(rng, section, template, ids)
                return self._counted(section, template, self._at(rng, None, place)) if place else None
            return self._several(rng, section, template, noun) if noun else None
        return self._free(rng, section, ids)

    def _several(self, rng: Random, section: Section, template: Template, noun: str) -> Ref | None:
        """All that the noun names in some place."""
        held = self.ids(section) & self.speaker.lexicon.nouns[noun]
        if template.slots & {"t", "b"}:
            ref = self.speaker.group(rng, noun, held)
            asked = "b" in template.slots and section.form.verb == "is"
            if ref is None or (asked and (not ref.plural or ref.target.place == EVERYWHERE)):
                return None
            return self._counted(section, template, ref)
        if noun == "vacuums" and section.form.verb == "clean" and len(held) == 1 and rng.random() < 0.5:
            return self._roaming(rng, noun, held)
        place = self._place(rng, section, template, held)
        return self._counted(section, template, self._at(rng, noun, place)) if place else None

    def _roaming(self, rng: Random, noun: str, held: frozenset[str]) -> Ref | None:
        """The only robot of the home cleans rooms in which it does not stand."""
        places = self.speaker.lexicon.places
        rooms = [name for name, place in places.items() if place.kind == "area"]
        if not rooms:
            return None
        place = rng.choice(rooms)
        ref = self._at(rng, noun, place)
        return ref if held <= self.speaker.lexicon.within[place] else replace(ref, target=Target(noun=noun, place=HERE))

    def _counted(self, section: Section, template: Template, ref: Ref) -> Ref:
        """Which, any and all, without a place, mean the whole home; "the windows" are those here."""
        unplaced = ref.target.place == HERE and not (ref.tail if template.slots & {"t", "b"} else ref.where)
        counted = _COUNTED if section.function.reads else _ALL
        if unplaced and counted.search(template.source):
            return replace(ref, target=replace(ref.target, place=EVERYWHERE))
        return ref

    def _free(self, rng: Random, section: Section, ids: frozenset[str]) -> Ref | None:
        speaker, form = self.speaker, section.form
        if (
            form.naming == "named"
            or form.verb.startswith("get ")
            or rng.random() < 0.52
            or (section.function.reads and rng.random() < 0.3)
        ):
            return speaker.label(rng, ids)
        shared = [noun for noun in sorted(speaker.lexicon.shared) if speaker.lexicon.nouns[noun] & ids]
        if shared and rng.random() < 0.22:
            noun = rng.choice(shared)
            return speaker.group(rng, noun, speaker.lexicon.nouns[noun] & ids)
        if form.naming == "place":
            noun = IMPLIED[form.verb]
            if noun == "locks":
                return self._doors(rng, form, ids)
            return (
                speaker.group(rng, noun, ids & speaker.lexicon.nouns[noun], implied=True)
                if noun in speaker.lexicon.nouns
                else None
            )
        nouns = [
            n
            for n in speaker.nouns(ids)
            if n not in speaker.lexicon.shared
            and n not in {ALL.plural, "sensors"}
            and not (n in {"doors", "windows"} and form.verb == "is")
        ]
        if not nouns:
            return speaker.label(rng, ids)
        common = [noun for noun in nouns if noun in {"lights", "blinds", "curtains", "shades", "shutters"}]
        noun = rng.choice(common) if common and rng.random() < 0.55 else rng.choice(nouns)
        return speaker.group(rng, noun, ids & speaker.lexicon.nouns[noun])

    def _doors(self, rng: Random, form: Form, ids: frozenset[str]) -> Ref | None:
        """Without a place, "lock the doors" means all of them."""
        ref = self.speaker.group(rng, "locks", ids, implied=True)
        if ref is None or ref.target.place != HERE or not ref.plural or ref.tail:
            return ref
        return replace(ref, target=Target(place=EVERYWHERE)) if form.verb == "lock" else None

    def _noun(self, rng: Random, section: Section, ids: frozenset[str]) -> str | None:
        held = self.speaker.lexicon.nouns
        options = [noun for noun in section.nouns if held.get(noun, frozenset()) & ids]
        if section.form.naming == "place" and section.form.verb in IMPLIED:
            options = [IMPLIED[section.form.verb]]
        return rng.choice(options) if options else None

    def _place(self, rng: Random, section: Section, template: Template, held: frozenset[str]) -> str | None:
        within, places = self.speaker.lexicon.within, self.speaker.lexicon.places
        if "everywhere" in section.flags:
            return EVERYWHERE
        if "room" in template.slots:
            chance = rng.random()
            if chance < 0.07 and not section.function.reads:
                return EVERYWHERE
            wanted = "floor" if chance < 0.25 else "area"
            rooms = [name for name, place in places.items() if place.kind == wanted and within[name] & held]
            return rng.choice(rooms) if rooms else None
        if "p" not in template.slots:
            return HERE
        return HERE if rng.random() < 0.4 else self.speaker.place_for(rng, held)

    def _at(self, rng: Random, noun: str | None, place: str) -> Ref:
        where = self.speaker.where(rng, place)
        room = (
            rng.choice(("house", "whole house", "entire house", "home"))
            if place == EVERYWHERE
            else self.speaker.place_said(rng, place)
        )
        return Ref(Target(noun=noun, place=place), "", "", "", where=where, room=room)

    def value(
        self, rng: Random, section: Section, fixed: int | None, ids: frozenset[str], *, wanted: bool
    ) -> tuple[Any, str]:
        verb, unit = section.form.verb, self.speaker.home.unit
        if fixed is not None or not wanted:
            return fixed, ""
        if verb == "mode":
            modes = sorted({mode for i in ids for mode in self.speaker.home.by_id[i].modes})
            return values.mode(rng, tuple(modes)) if modes else (None, "")
        if verb in {"temperature", "warmer", "cooler"}:
            return values.degrees(rng, unit) if verb == "temperature" else values.degree_step(rng, unit)
        return _AMOUNTS.get(verb, values.step)(rng)

    # --- without a device -------------------------------------------------------------------------------------------

    def timer(self, rng: Random, verb: str) -> Said:
        """A timer or a list; its words stand in the line as they are in the normalised utterance."""
        if verb == "add":
            return self.listed(rng)
        labelled = rng.random() < 0.4
        templates = dict(phrases("timers.txt"))[f"{verb} label" if labelled else verb]
        label = rng.choice(words("timers.txt")["labels"])
        seconds, said = values.duration(rng)
        are = "are" if label.endswith("s") else "is"
        text = rng.choice(templates).say(rng, {"d": said, "l": label, "are": are})
        function, form = forms()[verb]
        spoken = normalise_utterance(label) if labelled else None
        return Said(text, (Reading(function, form, (seconds, spoken) if verb == "timer" else (spoken,)),))

    def listed(self, rng: Random, item: str | None = None) -> Said:
        """Something for a list, which may be named."""
        lists = words("timers.txt")
        named = rng.random() < 0.3
        item = item or rng.choice(lists["tasks"] if named and rng.random() < 0.6 else lists["items"])
        name = rng.choice(lists["lists"])
        text = rng.choice(dict(phrases("timers.txt"))["add list" if named else "add"]).say(rng, {"i": item, "n": name})
        function, form = forms()["add"]
        values_said = (normalise_utterance(item), normalise_utterance(name) if named else None)
        return Said(text, (Reading(function, form, values_said),))


_ALL = re.compile(r"\b(all|every|each) (of )?(the )?\w+")
_COUNTED = re.compile(
    r"\b(which|any|all|every|everything|anything|how many(?! degrees)|there|anyone|anybody|somebody"
    r"|someone|something|batteries|what (lights|windows)|an? (window|light|door)|leaking|burning|we (using|lock))\b"
)


def _joined(rng: Random, refs: Sequence[Ref]) -> dict[str, str]:
    """Slots of one target, or of several with "and" between them."""
    slots = refs[0].slots()
    if len(refs) == 1:
        return slots
    before = rng.choice((" ", " ", " ", " and ", " and "))
    last = rng.choice(_LAST)
    front = "both " if len(refs) == 2 and last == "and" and rng.random() < 0.1 else ""
    behind = rng.choice((" too", " as well", " both")) if rng.random() < 0.05 else ""
    bare = rng.random() < 0.2
    for name in ("t", "b"):
        said = [ref.slots()["b" if bare and number else name] for number, ref in enumerate(refs)]
        slots[name] = f"{front}{before.join(said[:-1])} {last} {said[-1]}{behind}"
    return {**slots, "is": "are", "was": "were", "does": "do", "has": "have", "s": "", "it": "them"}


#: Before the last of a list.
_LAST = (
    *("and",) * 9,
    *("and also", "as well as", "as well as", "plus", "along with", "together with", "and then", "and even"),
    *("", "then", "also"),
)
