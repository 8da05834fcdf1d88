"""A command of which a part is taken back, or a device kept out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from edgeassist.language.lexicon import HERE
from edgeassist.language.nouns import KIND_NOUNS
from edgeassist.language.syntax import Reading, Target

from .joiner import VALUED, Joiner, Maker, one_of, with_pronoun, words_of
from .naming import Ref
from .rambles import affirmed, confirmed, searched
from .sections import Said, Section
from .template import Template, words
from .vocabulary import possessive

#: Verbs that people mix up. Locks are not among them: nothing may teach that "unlock" could mean "lock".
_OPPOSITES = (
    ("on", "off"),
    ("open", "close"),
    ("brighter", "darker"),
    ("warmer", "cooler"),
    ("louder", "quieter"),
    ("faster", "slower"),
    ("play", "pause"),
    ("next", "previous"),
)
_SPARED = (
    "but not {b}",
    "not {b}",
    "but leave {b} alone",
    "but don't touch {b}",
    "and leave {b} as {it} {is}",
    "but leave {b}",
    "and not {b}",
    "but keep {b} as {it} {is}",
    "instead of {b}",
)
_SINGULAR = {noun.plural: noun.singular for noun in KIND_NOUNS}
_INSTEAD = (
    *("actually make that", "no make it", "make that", "or better", "sorry", "i mean", "no i meant", "oh wait"),
    *("actually i meant", "no wait i meant", "hang on i mean", "scratch that i mean", "nah i mean", "no do", "do"),
    *("sorry wrong one i mean", "on second thoughts", "actually no do", "no leave that do", "no forget that do"),
)
#: Before the amount that counts: "turn it up actually just make it 21".
_AGAIN = (
    *("make it", "just make it", "make that", "just do", "do", "go for", "let's say", "let's go for", "let's do"),
    *("set it to", "just set it to", "put it at", "just put it on", "better make it", "try", "have it at", "i want"),
)
#: Towards more or less of something -> the verb that sets it.
_STEPS = {
    **dict.fromkeys(("brighter", "darker"), "brightness"),
    **dict.fromkeys(("warmer", "cooler"), "temperature"),
    **dict.fromkeys(("louder", "quieter"), "volume"),
    **dict.fromkeys(("faster", "slower"), "speed"),
}


class Corrections(Joiner):
    """Says commands that are corrected while they are spoken; only what was said last counts."""

    def say(self, rng: Random) -> Said | None:
        makers: tuple[tuple[Maker, float], ...] = (
            (self._other_target, 40),
            (self._other_place, 16),
            (self._refused_first, 8),
            (self._other_verb, 16),
            (self._other_value, 14),
            (self._spared, 20),
            (self._other_amount, 8),
            (self._amount_instead, 8),
            (self._searched, 12),
            (self._said_twice, 12),
        )
        return one_of(rng, makers) if self._verbs else None

    def _other_target(self, rng: Random) -> Said | None:
        """Only the second target counts."""
        held = self._plain(self._verb(rng))
        section = held[0] if held else None
        if section is None:
            return None
        number = rng.choice(section.core)
        template = section.templates[number]
        wrong, right = self._commands.ref(rng, section, template), self._commands.ref(rng, section, template)
        if wrong is None or right is None or wrong.target == right.target or right.target.place == HERE:
            return None
        if wrong.more or right.more or "t" not in template.slots:
            return None
        said = words_of(rng, wrong)
        if rng.random() < 0.3:
            made = self._commands.realise(rng, section, template, section.fixed[number], [wrong])
            slots = replace(right, det=right.det or ("" if possessive(right.bare) else "the"))
            if made is None or section.form.parts:
                return None
            text = f"{made.text} {rng.choice(_INSTEAD)} {words_of(rng, slots)}{confirmed(rng)}"
            return Said(text, (Reading(section.function, section.form, (), (right.target,)),))
        meant = replace(right, det=f"{said} {_slip(rng, said)} {right.det}".strip())
        made = self._commands.realise(rng, section, template, section.fixed[number], [meant])
        return replace(made, text=f"{made.text}{confirmed(rng)}") if made else None

    def _other_place(self, rng: Random) -> Said | None:
        """The same sort of thing in another place: "turn off the light no the one in the kitchen"."""
        speaker = self._commands.speaker
        section = next((s for s in self._plain(self._verb(rng)) if not s.kinds and s.form.naming == "noun"), None)
        if section is None:
            return None
        ids, within = self._commands.ids(section), speaker.lexicon.within
        noun = rng.choice([noun for noun in speaker.nouns(ids) if noun in _SINGULAR] or [""])
        held = speaker.lexicon.nouns.get(noun, frozenset()) & ids
        places = [place for place in speaker.lexicon.places if within[place] & held]
        numbers = [number for number in section.core if section.templates[number].slots == {"t"}]
        if len(places) < 2 or not numbers:
            return None
        one, other = rng.sample(places, 2)
        single = len(within[other] & held) == 1
        thing, which = (_SINGULAR[noun], "one") if single else (noun, "ones")
        wrong = rng.choice((f"the {thing}", f"the {one} {thing}", f"the {thing} {speaker.where(rng, one)}"))
        right = rng.choice((f"the {other} {which}", f"the {which} {speaker.where(rng, other)}"))
        slip = _slip(rng, f"the {thing}" if rng.random() < 0.5 else "in here")
        text = section.templates[rng.choice(numbers)].say(rng, {"t": f"{wrong} {slip} {right}{confirmed(rng)}"})
        return Said(text, (Reading(section.function, section.form, (), (Target(noun=noun, place=other),)),))

    def _refused_first(self, rng: Random) -> Said | None:
        """What is not meant, what is, and the command: "not the left lamp the right one turn that on"."""
        section = next((s for s in self._plain(self._verb(rng)) if not s.kinds and not s.form.parts), None)
        numbers = _bare(section, with_pronoun(section)) if section else []
        if section is None or not numbers:
            return None
        wrong, right = (self._commands.speaker.label(rng, self._commands.ids(section)) for _ in range(2))
        if wrong is None or right is None or wrong.target == right.target:
            return None
        command = rng.choice(numbers).say(rng, {**right.slots(), "t": rng.choice(("that", "that", "it"))})
        text = f"not {words_of(rng, wrong)} {words_of(rng, right)} {command}"
        return Said(text, (Reading(section.function, section.form, (), (right.target,)),))

    def _other_verb(self, rng: Random) -> Said | None:
        """The verb is taken back: "turn on no turn off the lamp"."""
        pairs = [pair for pair in _OPPOSITES if all(self._open(verb) for verb in pair)]
        if not pairs:
            return None
        pair = rng.choice(pairs)
        wrong, right = (self._open(verb)[0] for verb in (pair if rng.random() < 0.5 else pair[::-1]))
        made = self._with_ref(rng, right)
        if made is None or not self._suits(made[1], wrong):
            return None
        said, ref = made
        slip = rng.choice(words("frames.txt")["slips"])
        before = rng.choice(_bare(wrong, wrong.core)).say(rng, ref.slots())
        pronouns = _bare(right, with_pronoun(right))
        if rng.random() < 0.5 or not pronouns or any(said.readings[0].values):
            return Said(f"{before} {slip} {said.text}", said.readings)
        again = rng.choice(pronouns).say(rng, {**ref.slots(), "t": "them" if ref.plural else "it"})
        return Said(f"{before} {slip} {again}", said.readings)

    def _open(self, verb: str) -> list[Section]:
        """Sections of the verb for any kind of device that have a short imperative with nothing but a target."""
        return [section for section in self._plain(verb) if not section.kinds and _bare(section, section.core)]

    def _suits(self, ref: Ref, section: Section) -> bool:
        label = ref.target.label
        return label is None or self._commands.speaker.lexicon.labels[label] in self._commands.ids(section)

    def _other_value(self, rng: Random) -> Said | None:
        """The amount is taken back: "set the lamp to 20 no 30 percent"."""
        verb = rng.choice([verb for verb in VALUED if self._plain(verb)] or [""])
        section = next((s for s in self._plain(verb) if not s.kinds), None)
        if section is None:
            return None
        valued = [section.templates[n] for n in section.core if section.templates[n].slots >= {"t", "v"}]
        template = rng.choice(valued or [section.templates[0]])
        ref = self._commands.ref(rng, section, template)
        if ref is None or not valued:
            return None
        ids = self._commands.ids(section)
        if ref.target.label:
            ids = frozenset({self._commands.speaker.lexicon.labels[ref.target.label]})
        wrong = self._commands.value(rng, section, None, ids, wanted=True)[1]
        value, said = self._commands.value(rng, section, None, ids, wanted=True)
        slip = rng.choice(words("frames.txt")["slips"])
        text = template.say(rng, {**ref.slots(), "v": f"{wrong} {slip} {said}"})
        return Said(text, (Reading(section.function, section.form, (value,), (ref.target, *ref.more)),))

    def _other_amount(self, rng: Random) -> Said | None:
        """A whole command, and behind it the amount that counts: "set the lamp to 20 no actually make it 30"."""
        verb = rng.choice([verb for verb in VALUED if self._plain(verb)] or [""])
        section = next((s for s in self._plain(verb) if not s.kinds), None)
        made = self._with_ref(rng, section) if section else None
        return self._again(rng, made[0].text, made[1], section) if made and section else None

    def _amount_instead(self, rng: Random) -> Said | None:
        """More or less of something, and then how much: "turn the heating up actually just make it 21"."""
        verb = rng.choice([verb for verb, sets in _STEPS.items() if self._open(verb) and self._plain(sets)] or [""])
        section = next((s for s in self._plain(_STEPS.get(verb, "")) if not s.kinds), None)
        made = self._with_ref(rng, self._open(verb)[0]) if section else None
        if made is None or section is None or not self._suits(made[1], section):
            return None
        return self._again(rng, made[0].text, made[1], section)

    def _again(self, rng: Random, before: str, ref: Ref, section: Section) -> Said:
        label = ref.target.label
        ids = frozenset({self._commands.speaker.lexicon.labels[label]}) if label else self._commands.ids(section)
        value, said = self._commands.value(rng, section, None, ids, wanted=True)
        slip = rng.choice((*words("frames.txt")["slips"], "actually", "actually", "no"))
        text = f"{before} {slip} {rng.choice(_AGAIN)} {said}"
        return Said(text, (Reading(section.function, section.form, (value,), (ref.target, *ref.more)),))

    def _searched(self, rng: Random) -> Said | None:
        """A name that does not come at once: "turn on the what do you call it the desk lamp yeah that"."""
        section, number = self._named(rng)
        ref = self._commands.ref(rng, section, section.templates[number]) if section else None
        if section is None or ref is None or ref.more:
            return None
        article = rng.choice(("the", "the", "those" if ref.plural else "that", "my", ""))
        said = replace(ref, det=f"{article} {searched(rng)} {rng.choice((ref.det, ref.det, ''))}")
        if rng.random() < 0.4:
            said = replace(said, tail=f"{ref.tail} {affirmed(rng)}")
        return self._commands.realise(rng, section, section.templates[number], section.fixed[number], [said])

    def _said_twice(self, rng: Random) -> Said | None:
        """One thing in two ways: "the radio the kitchen one", "the lamp you know the desk lamp"."""
        section, number = self._named(rng)
        ref = self._commands.speaker.label(rng, self._commands.ids(section)) if section else None
        *first, last = ref.target.label.split() if ref and ref.target.label else [""]
        if section is None or ref is None or not first or last.isdigit():
            return None
        which = " ".join(first)
        which = f"{which} one" if possessive(which) else f"the {which} one"
        whole = words_of(rng, ref)
        link = rng.choice(("", "", "", "um", "you know", "i mean", "what's it called", "what do you call it", "er"))
        rest = rng.choice((which, f"yeah {which}", f"{which} yeah", whole, f"{whole} {affirmed(rng)}"))
        said = replace(
            ref,
            det=rng.choice(("the", "the", "those" if ref.plural else "that")),
            bare=f"{last} {link} {rest}",
            tail="",
        )
        return self._commands.realise(rng, section, section.templates[number], section.fixed[number], [said])

    def _named(self, rng: Random) -> tuple[Section | None, int]:
        """A section for any kind of device, and one of its short imperatives that has a target."""
        section = next((s for s in self._plain(self._verb(rng)) if not s.kinds), None)
        numbers = [n for n in section.core if "t" in section.templates[n].slots] if section else []
        return (section, rng.choice(numbers)) if numbers else (None, 0)

    def _spared(self, rng: Random) -> Said | None:
        """A second device is named only to be left as it is."""
        held = [section for section in self._plain(self._verb(rng)) if not section.kinds]
        made = self._with_ref(rng, held[0]) if held else None
        if made is None:
            return None
        said, ref = made
        other = self._commands.speaker.label(rng, self._commands.ids(held[0]))
        if other is None or ref.target.label is None or other.target == ref.target:
            return None
        tail = rng.choice(_SPARED).format(b=words_of(rng, other), it=other.slots()["it"], **{"is": other.slots()["is"]})
        return Said(f"{said.text} {tail}", said.readings)


def _slip(rng: Random, said: str) -> str:
    """What takes the wrong target back; ``said`` is that target."""
    frames = words("frames.txt")
    if rng.random() < 0.6:
        return rng.choice(frames["slips"])
    denied = rng.choice(("no not", "sorry not", "not", "no sorry not", "wait not", "i don't mean"))
    return rng.choice((f"{denied} {said}", "no not that one", "no not this one", rng.choice(frames["wrong ones"])))


def _bare(section: Section, numbers: Sequence[int]) -> list[Template]:
    return [section.templates[n] for n in numbers if section.templates[n].slots == {"t"}]
