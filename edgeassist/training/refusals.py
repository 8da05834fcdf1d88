"""Everything that is no command for this home: its line is " none"."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

from edgeassist.language.lexicon import HERE
from edgeassist.language.nouns import KIND_WORDS
from edgeassist.text import normalise_utterance

from .areas import SYNONYMS as ROOM_SYNONYMS
from .commands import Commands
from .moments import Moments
from .naming import Ref
from .rambles import person
from .sections import COMMANDS, forms, sections
from .template import Template, phrases, words
from .things import made_up
from .values import duration
from .vocabulary import SYNONYMS

_FILLERS = (
    "city",
    "country",
    "holiday",
    "person",
    "thing",
    "word",
    "food",
    "item",
    "cuisine",
    "task",
    "music",
    "song",
    "artist",
    "film",
    "app",
)
_CHATTER = (("assistant", 44), ("greeting", 8), ("talk", 27), ("tv", 14))
_UNWANTED = (("condition", 30), ("later", 14), ("prohibition", 26), ("report", 30))
_COMMON_WORDS = (
    KIND_WORDS
    | {w for pairs in SYNONYMS.values() for pair in pairs for name in pair for w in name.split()}
    | frozenset(
        "room house door water sensor everything all home the of a ac cellar air alarm shutter scene tv "
        "music temperature humidity battery power".split()
    )
)


_OUTSIDE = frozenset({"outside", "out"})
_COMMON_NOUNS = frozenset("lights fans blinds curtains shades shutters locks plugs gates windows".split()) | {
    "garage doors"
}


class Refusals:
    """Says what one home must not act upon."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._speaker = commands.speaker
        self._moments = Moments(self._speaker.lexicon)
        self._scenes = tuple(
            f" {label} "
            for label, i in self._speaker.lexicon.labels.items()
            if self._speaker.home.by_id[i].kind in {"scene", "button"}
        )
        self._absent = [
            section
            for held in sections(COMMANDS).values()
            for section in held
            if section.implied
            and "everywhere" not in section.flags
            and not any(device.kind in section.function.kinds for device in self._speaker.home.devices)
            and not commands.ids(section)
        ]

    def say(self, rng: Random) -> tuple[str, str] | None:
        """An utterance and its sort; None when the dice ask for what this home cannot have."""
        sorts: list[tuple[str, Callable[[Random], str | None], float]] = [
            ("none chatter", self._chatter, 46),
            ("none negation", self._negation, 10),
            ("none unwanted", self._unwanted, 20),
            ("none unknown place", self._unknown_place, 12),
            ("none absent", self._without, 5),
        ]
        if self._speaker.listed:
            sorts += [("none unknown", self._unknown, 15), ("none mismatch", self._mismatch, 2)]
        kind, make, _ = rng.choices(sorts, [weight for _, _, weight in sorts])[0]
        text = make(rng)
        if text is None or self._names_a_scene(text):
            return None
        if kind == "none chatter" and self._moments.hinted(text):
            return None
        return text, kind

    def _names_a_scene(self, text: str) -> bool:
        said = f" {normalise_utterance(text)} "
        return any(scene in said for scene in self._scenes)

    def _chatter(self, rng: Random) -> str | None:
        heading = rng.choices([h for h, _ in _CHATTER], [w for _, w in _CHATTER])[0]
        template = rng.choice(_templates(heading))
        lists = words("refusals.txt")
        if _OUTSIDE & set(template.source.replace("(", " ").replace("|", " ").split()) & self._speaker.words:
            return None
        fill = {name: rng.choice(lists[name]) for name in _FILLERS if name in template.slots}
        if any(word in self._speaker.words for said in fill.values() for word in said.split() if len(word) > 3):
            return None
        fill.update(
            a=str(rng.randint(2, 30)),
            b=str(rng.randint(31, 900)),
            cover=rng.choice(("blinds", "curtains", "shutters", "window")),
        )
        devices = [
            label
            for label, i in self._speaker.lexicon.labels.items()
            if self._speaker.home.by_id[i].kind in {"light", "switch", "fan", "media_player"}
        ]
        fill["noun"] = (
            rng.choice(devices)
            if devices and rng.random() < 0.6
            else rng.choice(("lamp", "tv", "heater", "fan", "radio", "light", "oven"))
        )
        rooms = list(self._speaker.lexicon.places)
        fill["room"] = rng.choice(rooms) if rooms and rng.random() < 0.7 else rng.choice(words("areas.txt")["ground"])
        return template.say(rng, fill)

    def _negation(self, rng: Random) -> str | None:
        held = self._commands.possible(COMMANDS).get("off")
        if not held:
            return None
        ref = self._commands.ref(rng, held[0], rng.choice(_templates("negation")))
        if ref is None or ref.det in {"every", "each", "every single"}:
            return None
        return rng.choice(_templates("negation")).say(
            rng, {**ref.slots(), "city": rng.choice(words("refusals.txt")["city"])}
        )

    def _unwanted(self, rng: Random) -> str | None:
        """A command that is a condition, for later, forbidden or reported."""
        heading = rng.choices([h for h, _ in _UNWANTED], [w for _, w in _UNWANTED])[0]
        template = rng.choice(dict(phrases("unwanted.txt"))[heading])
        lists = words("unwanted.txt")
        fill = {
            "c": rng.choice(lists["causes"]),
            "n": rng.choice(lists["clocks"]),
            "d": duration(rng)[1],
            "person": rng.choice(words("refusals.txt")["person"]),
        }
        verb, slot = next(
            ((v, s) for v, s in (("off", "t"), ("open", "o"), ("lock", "k")) if s in template.slots), ("", "")
        )
        ref = self._switched(rng, verb) if slot else None
        if slot and ref is None:
            return None
        return template.say(rng, {**fill, **(ref.slots() if ref else {}), **({slot: ref.slots()["t"]} if ref else {})})

    def _switched(self, rng: Random, verb: str) -> Ref | None:
        """A device that the verb suits, or some of a place."""
        function, form = forms()[verb]
        ids = self._speaker.ids(function, form)
        nouns = [n for n in self._speaker.nouns(ids) if n not in self._speaker.lexicon.shared and n in _COMMON_NOUNS]
        if nouns and rng.random() < 0.4:
            noun = rng.choice(nouns)
            return self._speaker.group(rng, noun, ids & self._speaker.lexicon.nouns[noun])
        return self._speaker.label(rng, ids)

    def _unknown(self, rng: Random) -> str | None:
        name = self._foreign_device(rng)
        if name is None:
            return None
        return rng.choice(_templates("unknown")).say(
            rng, {"x": f"{rng.choice(('the', 'the', 'the', 'my', ''))} {name}", "y": name, "a": str(rng.randint(5, 90))}
        )

    def _foreign_device(self, rng: Random) -> str | None:
        lists = words("devices.txt")
        sort = rng.choice(
            [
                name
                for name in lists
                if name not in {"temperature", "humidity", "power", "battery", "rgb", "othersensor"}
            ]
        )
        name = made_up(rng) if rng.random() < 0.06 else rng.choice(lists[sort])
        split = normalise_utterance(name).split()
        own = [word for word in split if word not in _COMMON_WORDS and not word.isdigit()]
        if not own or any(
            word in self._speaker.words or word.rstrip("s") in self._speaker.words or f"{word}s" in self._speaker.words
            for word in own
        ):
            return None
        if sort in {"scene", "button"} and len(split) < 2:
            return None
        if sort == "light" and rng.random() < 0.5:
            return None
        return name

    def _unknown_place(self, rng: Random) -> str | None:
        lists = words("areas.txt")
        pool = rng.choice([name for name in lists if name not in {"people", "room", "office", "shop"}])
        place = rng.choice(lists[pool])
        if pool == "ground" and rng.random() < 0.3:
            place = f"{rng.choice(lists['people'])}'s {rng.choice(lists['room'])}".replace("the ", "")
        said = normalise_utterance(place)
        own = [word for word in said.split() if word not in {"room", "floor", "level", "the"}]
        near = [*ROOM_SYNONYMS.get(said, ()), *(name for name, others in ROOM_SYNONYMS.items() if said in others)]
        if (
            not own
            or any(word in self._speaker.words for word in own)
            or any(other in self._speaker.lexicon.places for other in near)
        ):
            return None
        slots = {"z": said, "q": self._speaker.where(rng, said), "a": str(rng.randint(16, 24))}
        text = rng.choice(_templates("unknown place")).say(rng, slots)
        return text.replace(f"the {said}", said) if "'s" in said else text

    def _mismatch(self, rng: Random) -> str | None:
        heading = rng.choice([h for h, _ in phrases("refusals.txt") if h.startswith("mismatch")])
        kinds = set(heading.split()[1].split(","))
        ids = [d.id for d in self._speaker.home.devices if d.kind in kinds]
        ref = self._speaker.label(rng, ids)
        return rng.choice(_templates(heading)).say(rng, {**ref.slots(), "a": str(rng.randint(15, 25))}) if ref else None

    def _without(self, rng: Random) -> str | None:
        """A wish that nothing in the home could fulfil ("louder" without a player)."""
        if not self._absent:
            return None
        section = rng.choice(self._absent)
        templates = [template for template in section.templates if "room" not in template.slots]
        if not templates:
            return None
        where = self._speaker.where(rng, HERE)
        value = "red" if section.form.verb == "color" else str(rng.randint(16, 60))
        return rng.choice(templates).say(rng, {"p": where, "v": value, "who": person(rng)})


@cache
def _templates(heading: str) -> tuple[Template, ...]:
    more = dict(phrases("chatter.txt")).get(heading, ())
    # A template of the newer file holds many wordings, one of the older file mostly one.
    return (*dict(phrases("refusals.txt"))[heading], *more, *more)
