"""Several commands in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

from edgeassist.language.lexicon import EVERYWHERE, HERE
from edgeassist.language.nouns import ALL
from edgeassist.language.syntax import Reading, Target

from .commands import IMPLIED, Commands
from .joiner import VALUED, Joiner, Maker, one_of, with_pronoun, words_of
from .naming import Ref
from .pairs import Pairs
from .reasons import reason, wish
from .sections import Said, Section
from .template import words

#: What is said of the same thing right afterwards ("turn on the lamp and make it blue").
_AFTERWARDS: Mapping[str, tuple[str, ...]] = {
    "on": ("brightness", "color", "white", "speed", "volume", "temperature", "louder", "quieter", "darker", "brighter"),
    "color": ("brightness", "darker", "brighter"),
    "brightness": ("color", "white"),
    "white": ("brightness", "darker"),
    "play": ("volume", "louder", "quieter"),
    "unmute": ("volume", "louder", "play"),
    "pause": ("mute",),
    "darker": ("color", "white"),
}
_SWITCHED = (
    "turn {a} on and {b} off",
    "turn on {a} and turn off {b}",
    "{a} on and {b} off",
    "{a} on {b} off",
    "put {a} on and {b} off",
    "switch {a} on and {b} off",
    "turn on {a} and off {b}",
    "{a} on but {b} off",
    "{a} on {b} off please",
    "{a} on then {b} off",
    "{a} on oh and {b} off",
    "{a} back on and {b} off",
    "get {a} on and {b} off",
    "have {a} on {b} off",
    "just {a} on and {b} off",
    "i'd like {a} on and {b} off",
    "make it {a} on {b} off",
    "can i have {a} on and {b} off",
    "so {a} on yeah and {b} off",
    "turn {a} on {b} off",
    "flick {a} on and {b} off",
    "we want {a} on and {b} off",
    "i want {a} on and {b} off",
    "could you turn {a} on and {b} off",
    "turn {a} on and switch {b} off",
    "have {a} on and {b} off",
)
_BEHIND: Mapping[str, tuple[str, ...]] = {
    "on": ("on", "on please", "on now", "back on", "want to be on", "on thanks", "on yeah"),
    "off": ("off", "off please", "off now", "want to be off", "off thanks", "off yeah"),
    "open": ("open", "open please", "open thanks", "need opening"),
    "close": ("closed", "shut", "closed please", "shut please", "closed thanks", "need closing"),
}
#: How often one of several commands is explained before the next.
_EXPLAINED_SHARE = 0.1
_VALUES = (
    "set {a} to {v} and {b} to {w}",
    "{a} to {v} and {b} to {w}",
    "put {a} at {v} and {b} at {w}",
    "{a} {v} {b} {w}",
    "{a} {v} and {b} {w}",
    "set {a} to {v} then {b} to {w}",
    "can you set {a} to {v} and {b} to {w}",
    "i want {a} at {v} and {b} at {w}",
    "{a} at {v} {b} at {w}",
    "{a} to {v} {b} to {w}",
    "{a} to {v} then {b} to {w}",
    "{a} at {v} but {b} at {w}",
    "make {a} {v} and {b} {w}",
    "have {a} at {v} and {b} at {w}",
    "{v} for {a} and {w} for {b}",
    "{a} {v} then {b} {w} please",
    "get {a} to {v} and {b} to {w}",
    "{a} on {v} and {b} on {w}",
)


class Several(Joiner):
    """Says more than one command at once, of those that the home permits."""

    def __init__(
        self,
        commands: Commands,
        verbs: Mapping[str, tuple[Section, ...]],
        reads: Mapping[str, tuple[Section, ...]],
        brief: Mapping[str, tuple[Section, ...]],
        weights: Mapping[str, float],
    ) -> None:
        super().__init__(commands, verbs, weights)
        self._reads = reads
        self._brief = {verb: held for verb, held in brief.items() if verb in verbs}
        self._makers: tuple[tuple[Maker, float], ...] = (
            (self._shared, 30),
            (self._chain, 38),
            (self._brief_list, 16),
            (self._afterwards, 9),
            (self._together, 10),
            (self._there, 6),
            (self._switched, 9),
            (self._counted_off, 5),
            (self._valued, 6),
            (self._ones, 4),
            (self._asking, 4),
            *Pairs(commands, verbs, weights).makers,
        )

    def say(self, rng: Random) -> Said | None:
        """Two to four commands."""
        return one_of(rng, self._makers) if self._verbs else None

    # --- several targets --------------------------------------------------------------------------------------------

    def _shared(self, rng: Random) -> Said | None:
        """One verb for two or three targets."""
        held = self._plain(self._verb(rng), core=False)
        if not held:
            return None
        section = rng.choice(held)
        use_core = bool(section.core) and rng.random() < 0.75
        number = rng.choice(section.core) if use_core else int(rng.random() * len(section.templates))
        template = section.templates[number]
        refs = [self._commands.ref(rng, section, template) for _ in range(rng.choice((2, 2, 2, 2, 3, 3, 4)))]
        good = [ref for ref in refs if ref is not None]
        if len(good) < len(refs) or not _compatible([t for ref in good for t in (ref.target, *ref.more)]):
            return None
        return self._commands.realise(rng, section, template, section.fixed[number], good)

    def _together(self, rng: Random) -> Said | None:
        """Two kinds in one place: "the lights and the fan in the kitchen"."""
        verb = rng.choice([v for v in ("on", "off", "on", "off", "open", "close") if v in self._verbs] or [""])
        sections = [section for section in self._plain(verb) if not section.kinds]
        found = self._two_kinds(rng, sections[0]) if sections else None
        if found is None:
            return None
        section, (place, one, other) = sections[0], found
        numbers = [n for n in section.core if "t" in section.templates[n].slots]
        number = rng.choice(numbers)
        and_the = rng.choice((" and the ", " and ", " and also the ", " as well as the "))
        where = self._commands.speaker.where(rng, place)
        said = (
            (f"the {one}{and_the}{other}", where) if rng.random() < 0.6 else (f"the {place} {one}{and_the}{other}", "")
        )
        targets = tuple(Target(noun=noun, place=place) for noun in (one, other))
        ref = Ref(targets[0], "", said[0], said[1], plural=True, more=targets[1:])
        return self._commands.realise(rng, section, section.templates[number], section.fixed[number], [ref])

    def _two_kinds(self, rng: Random, section: Section) -> tuple[str, str, str] | None:
        speaker = self._commands.speaker
        ids = self._commands.ids(section)
        nouns = [n for n in speaker.nouns(ids) if n not in speaker.lexicon.shared and n not in _VAGUE]
        rng.shuffle(nouns)
        held = {noun: speaker.lexicon.nouns[noun] & ids for noun in nouns}
        for place in rng.sample(list(speaker.lexicon.places), len(speaker.lexicon.places)):
            there = [noun for noun in nouns if held[noun] & speaker.lexicon.within[place]]
            if len(there) > 1 and f"{place} {there[0]}" not in speaker.lexicon.labels:
                return place, there[0], there[1]
        return None

    # --- several verbs ----------------------------------------------------------------------------------------------

    def _chain(self, rng: Random) -> Said | None:
        found: list[Said] = []
        for _ in range(rng.choice((2, 2, 2, 2, 3, 3, 4))):
            verb = self._verb(rng)
            chance = rng.random()
            if chance < 0.06:
                made: Said | None = self._commands.timer(rng, rng.choice(("timer", "timer", "add", "cancel")))
            elif chance < 0.16:
                made = self._shared(rng)
            else:
                made = self._commands.say(rng, self._verbs[verb], core=rng.random() < 0.85)
            if made is not None:
                found.append(made)
        if len(found) < 2 or not _compatible([t for said in found for r in said.readings for t in r.targets]):
            return None
        text = f"first {found[0].text}" if rng.random() < 0.04 else found[0].text
        for before, one in pairwise(found):
            fitting = wish(before.readings, self._commands.speaker.lexicon)
            if rng.random() < _EXPLAINED_SHARE:
                text += f" {reason(rng, fitting)}"
            join = " " if rng.random() < 0.16 else f" {rng.choice(words('frames.txt')['chain'])} "
            text += join + one.text
        if rng.random() < 0.04:
            text += rng.choice((" too", " as well", " also"))
        return Said(text, _merged(found))

    def _brief_list(self, rng: Random) -> Said | None:
        """Things and what they shall be: "lamp on blinds down fan at 30"."""
        weights = {verb: weight for verb, weight in self._weights.items() if verb in self._brief}
        if not weights:
            return None
        verbs = rng.choices(list(weights), list(weights.values()), k=rng.choice((2, 2, 2, 3, 3, 4)))
        found = [said for verb in verbs if (said := self._commands.say(rng, self._brief[verb]))]
        if len(found) < 2 or not _compatible([t for said in found for r in said.readings for t in r.targets]):
            return None
        join = rng.choice((" ", " ", " and "))
        last = rng.choice((join, join, " and ", " and then "))
        return Said(join.join(said.text for said in found[:-1]) + last + found[-1].text, _merged(found))

    def _afterwards(self, rng: Random) -> Said | None:
        """The second verb speaks of the first one's target as "it"."""
        first = rng.choice([verb for verb in _AFTERWARDS if verb in self._verbs] or [""])
        then = [verb for verb in _AFTERWARDS.get(first, ()) if verb in self._verbs]
        sections = [section for section in self._plain(first) if not section.kinds]
        if not then or not sections:
            return None
        verb = rng.choice(then)
        seconds = [section for section in self._plain(verb) if not section.kinds]
        made = self._with_ref(rng, sections[0])
        if made is None or not seconds:
            return None
        said, ref = made
        target = self._same(ref, verb, seconds[0])
        numbers = with_pronoun(seconds[0])
        if target is None or not numbers:
            return None
        number = rng.choice(numbers)
        pronoun = Ref(target, "", "them" if ref.plural else "it", plural=ref.plural)
        second = self._commands.realise(rng, seconds[0], seconds[0].templates[number], None, [pronoun])
        if second is None:
            return None
        join = rng.choice((" and ", " and ", " and then ", " then ", " and also "))
        return Said(said.text + join + second.text, (*said.readings, *second.readings))

    def _same(self, ref: Ref, verb: str, section: Section) -> Target | None:
        """The first target as the second verb's form names it, where all of it can do that."""
        target, lexicon = ref.target, self._commands.speaker.lexicon
        if ref.more:
            return None
        if target.label is not None:
            return target if lexicon.labels[target.label] in self._commands.ids(section) else None
        if section.form.naming != "place" or target.noun in lexicon.shared:
            return None
        if target.noun not in {None, IMPLIED[verb]}:
            return None
        return Target(place=target.place) if self._commands.ids(section) & self._at(target.place) else None

    def _at(self, place: str | None) -> frozenset[str]:
        return self._commands.speaker.lexicon.within[EVERYWHERE if place in {HERE, None} else str(place)]

    def _there(self, rng: Random) -> Said | None:
        """A place said first holds for all that follows: "in the kitchen turn on the lights and open the blinds"."""
        speaker = self._commands.speaker
        if not speaker.lexicon.places:
            return None
        place = rng.choice(list(speaker.lexicon.places))
        found: list[Said] = []
        verbs = [verb for verb in ("on", "off", "open", "close", "darker", "brighter") if self._plain(verb)]
        for verb in rng.sample(verbs, min(len(verbs), 3)):
            section = next((s for s in self._plain(verb) if not s.kinds), None)
            if section is None or len(found) == 2:
                continue
            held = speaker.nouns(self._commands.ids(section) & speaker.lexicon.within[place])
            nouns = [n for n in held if n not in speaker.lexicon.shared and n not in _VAGUE]
            noun = IMPLIED[verb] if section.form.naming == "place" else rng.choice(nouns or [""])
            if noun not in held:
                continue
            target = Target(noun=noun if section.form.naming == "noun" else None, place=place)
            number = rng.choice([n for n in section.core if section.templates[n].slots == {"t"}] or [section.core[0]])
            ref = Ref(target, "the", noun, plural=True)
            said = self._commands.realise(rng, section, section.templates[number], section.fixed[number], [ref])
            if said and target not in [t for one in found for r in one.readings for t in r.targets]:
                found.append(said)
        if len(found) < 2:
            return None
        where = speaker.where(rng, place)
        text = rng.choice((" and ", " and then ", " then ", " ")).join(said.text for said in found)
        return Said(f"{where} {text}" if rng.random() < 0.7 else f"{text} {where}", _merged(found))

    def _switched(self, rng: Random) -> Said | None:
        """The verb once, the other way round for the second: "the lamp on and the fan off"."""
        held = [self._plain(verb) for verb in ("on", "off")]
        if not all(held):
            return None
        sections = [next(s for s in each if not s.kinds) for each in held]
        refs = [self._commands.ref(rng, s, s.templates[s.core[0]]) for s in sections]
        if refs[0] is None or refs[1] is None or not _compatible([t for r in refs if r for t in (r.target, *r.more)]):
            return None
        text = rng.choice(_SWITCHED).format(a=words_of(rng, refs[0]), b=words_of(rng, refs[1]))
        readings = tuple(
            Reading(s.function, s.form, (), (r.target, *r.more)) for s, r in zip(sections, refs, strict=True) if r
        )
        return Said(text, readings)

    def _counted_off(self, rng: Random) -> Said | None:
        """Things first, and behind them what is to become of all: "the lamp the fan and the printer all off"."""
        verb = rng.choice([verb for verb in _BEHIND if self._plain(verb)] or [""])
        section = next((s for s in self._plain(verb) if not s.kinds), None)
        if section is None:
            return None
        template = section.templates[section.core[0]]
        refs = [self._commands.ref(rng, section, template) for _ in range(rng.choice((2, 3, 3, 4)))]
        good = [ref for ref in refs if ref]
        if len(good) < len(refs) or not _compatible([t for ref in good for t in (ref.target, *ref.more)]):
            return None
        *said, last = (words_of(rng, ref) for ref in good)
        text = f"{' '.join(said)}{rng.choice((' ', ' and '))}{last} {'both' if len(good) == 2 else 'all'}"
        targets = tuple(target for ref in good for target in (ref.target, *ref.more))
        return Said(f"{text} {rng.choice(_BEHIND[verb])}", (Reading(section.function, section.form, (), targets),))

    def _valued(self, rng: Random) -> Said | None:
        """Two values: "set the lamp to 40 and the spots to 60 percent"."""
        verb = rng.choice([verb for verb in VALUED if self._plain(verb)] or [""])
        section = next((s for s in self._plain(verb) if not s.kinds), None)
        if section is None:
            return None
        template = section.templates[section.core[0]]
        refs = [self._commands.ref(rng, section, template) for _ in range(2)]
        good = [ref for ref in refs if ref]
        if len(good) < 2 or not _compatible([t for ref in good for t in (ref.target, *ref.more)]):
            return None
        made = [self._commands.value(rng, section, None, self._commands.ids(section), wanted=True) for _ in good]
        text = rng.choice(_VALUES).format(
            a=words_of(rng, good[0]), b=words_of(rng, good[1]), v=made[0][1], w=made[1][1]
        )
        return Said(
            text,
            tuple(
                Reading(section.function, section.form, (value,), (ref.target, *ref.more))
                for (value, _), ref in zip(made, good, strict=True)
            ),
        )

    def _ones(self, rng: Random) -> Said | None:
        """Two places of one kind: "turn on the kitchen lights and turn off the bedroom ones"."""
        lexicon = self._commands.speaker.lexicon
        pair = rng.choice((("on", "off"), ("off", "on"), ("open", "close"), ("close", "open"), ("off", "off")))
        sections = [next((s for s in self._plain(verb) if not s.kinds), None) for verb in pair]
        first, second = sections
        if first is None or second is None:
            return None
        noun = rng.choice(("lights", "lights", "lamps", "plugs") if "on" in pair else ("blinds", "curtains", "shades"))
        held = lexicon.nouns.get(noun, frozenset()) & self._commands.ids(first) & self._commands.ids(second)
        places = [place for place in lexicon.places if lexicon.within[place] & held and noun not in lexicon.shared]
        if len(places) < 2:
            return None
        one, other = rng.sample(places, 2)
        verbs = {"on": "turn on", "off": "turn off", "open": "open", "close": "close"}
        again = "" if pair[0] == pair[1] else f"{verbs[pair[1]]} "
        text = f"{verbs[pair[0]]} the {one} {noun} and {again}the {other} ones"
        said = [
            Said("", (Reading(s.function, s.form, (), (Target(noun=noun, place=place),)),))
            for s, place in ((first, one), (second, other))
        ]
        return Said(text, _merged(said))

    def _asking(self, rng: Random) -> Said | None:
        """A command, and a question behind it."""
        if "is" not in self._reads:
            return None
        first = self._commands.say(rng, self._verbs[self._verb(rng)], core=True)
        asked = self._commands.say(rng, self._reads["is"])
        if first is None or asked is None:
            return None
        said = [first, asked]
        if not _compatible([t for one in said for r in one.readings for t in r.targets]):
            return None
        return Said(
            f" {rng.choice(('and', 'and', 'and then', 'and also'))} ".join(one.text for one in said), _merged(said)
        )


_VAGUE = frozenset({ALL.plural, "sensors", "scenes", "doors", "windows", "switches", "covers"})


def _compatible(targets: Sequence[Target]) -> bool:
    """Whether a sentence may hold all of these: nobody knows which blinds "the kitchen lights and the blinds" are."""
    places = {target.place for target in targets if target.place}
    return len(set(targets)) == len(targets) and not (places & {HERE, EVERYWHERE} and len(places) > 1)


def _merged(found: Sequence[Said]) -> tuple[Reading, ...]:
    """Neighbours with the same verb and values become one reading with several targets."""
    readings: list[Reading] = []
    for reading in (reading for said in found for reading in said.readings):
        last = readings[-1] if readings else None
        if last and last.form is reading.form and last.values == reading.values and reading.targets:
            targets = tuple(dict.fromkeys((*last.targets, *reading.targets)))
            readings[-1] = Reading(last.function, last.form, last.values, targets)
        else:
            readings.append(reading)
    return tuple(readings)
