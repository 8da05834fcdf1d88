"""One device in words: its name, a part of it that fits no other, or its room and what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from edgeassist.functions import Form, Function
from edgeassist.home import Device, Home
from edgeassist.language.lexicon import EVERYWHERE, HERE, Lexicon
from edgeassist.language.nouns import KIND_WORDS
from edgeassist.language.syntax import Target
from edgeassist.text import normalise_utterance

from .vocabulary import BARE, HEADS, ON_WORDS, PLURALS, SAME_ROOMS, SWAPS, WEAK, determiner, floor_said, possessive


@dataclass(frozen=True)
class Ref:
    """A target and its words: determiner, head, and what follows ("the", "lights", "in the kitchen")."""

    target: Target
    det: str
    bare: str
    tail: str = ""
    plural: bool = False
    #: How the place alone is said behind a clause ("in the kitchen", or nothing).
    where: str = ""
    room: str = ""
    #: Targets beside the first, of "the kitchen and hall lights".
    more: tuple[Target, ...] = ()

    def slots(self) -> dict[str, str]:
        whole = " ".join(filter(None, (self.det, self.bare, self.tail)))
        return {
            "t": whole,
            "b": " ".join(filter(None, (self.bare, self.tail))),
            "p": self.where,
            "room": self.room,
            "is": "are" if self.plural else "is",
            "was": "were" if self.plural else "was",
            "does": "do" if self.plural else "does",
            "has": "have" if self.plural else "has",
            "s": "" if self.plural else "s",
            "it": "them" if self.plural else "it",
        }


#: The whole home in other words.
_WHOLE = ("in the whole {}", "in the {}", "the whole {}", "throughout the {}", "across the whole {}", "the entire {}")
_PREMISES = ("place", "flat", "apartment", "building", "property", "farm", "office", "house", "premises")


class Namer:
    """Says the devices of one home, one at a time."""

    def __init__(self, home: Home, *, listed: bool) -> None:
        self.home = home
        self.lexicon = Lexicon.of(home)
        self.listed = listed
        self._ids: dict[int, frozenset[str]] = {}
        self._bearers: dict[str, set[str]] = defaultdict(set)
        for device in home.devices:
            for name in (device.name, *device.aliases):
                for word in normalise_utterance(name).split():
                    self._bearers[word].add(device.id)
        for label, device_id in self.lexicon.labels.items():
            for word in label.split():
                self._bearers[word].add(device_id)
        self._other_words = _other_words(self.lexicon, frozenset(self._bearers))
        self.words = frozenset(self._bearers) | {word for place in self.lexicon.places for word in place.split()}

    def ids(self, function: Function, form: Form) -> frozenset[str]:
        """Devices that the grammar offers for the form."""
        key = id(form)
        if key not in self._ids:
            self._ids[key] = frozenset(d.id for d in self.home.devices if function.suits(form, d))
        return self._ids[key]

    # --- one device -------------------------------------------------------------------------------------------------

    def label(self, rng: Random, ids: Collection[str]) -> Ref | None:
        """One of the devices by its name, or by a part of it that fits no other."""
        choices = [i for i in ids if i in self.lexicon.labels_of]
        if not choices:
            return None
        choices.sort()
        return self.label_of(rng, rng.choice(choices))

    def label_of(self, rng: Random, device_id: str) -> Ref:
        device = self.home.by_id[device_id]
        labels = self.lexicon.labels_of[device_id]
        label = labels[0] if len(labels) == 1 or rng.random() < 0.6 else rng.choice(labels)
        said, tail = label, ""
        chance = rng.random()
        if self.listed and chance < 0.52:
            said, tail = self._reworded(rng, label, device, chance)
        plural = said.split()[-1] in PLURALS
        return Ref(Target(label=label), determiner(rng, said), said, tail, plural)

    def _reworded(self, rng: Random, label: str, device: Device, chance: float) -> tuple[str, str]:
        area = normalise_utterance(device.area) if device.area else ""
        if chance < 0.2:
            part = self._part(rng, label, device.id)
            placed = part is not None and area in self.lexicon.places and area not in part and rng.random() < 0.2
            return part or label, self.where(rng, area) if placed else ""
        if chance < 0.3 and area in self.lexicon.places:
            return self._with_area(rng, label, area)
        if chance < 0.39:
            return self._swapped(rng, label), ""
        if chance < 0.43:
            return self._with_kind(rng, label, device), ""
        return self._numbered(label), ""

    def _numbered(self, label: str) -> str:
        """Singular for plural and the other way round."""
        *rest, last = label.split()
        if last.isdigit() or (last in WEAK - HEADS - PLURALS and last + "s" not in PLURALS):
            return label
        other = last.removesuffix("s") if last in PLURALS else f"{last}s" if f"{last}s" in PLURALS else last
        said = " ".join([*rest, other])
        clash = not rest or set.intersection(*(self._bearers.get(word, set()) for word in said.split()))
        return label if clash or not self.free(said) else said

    def _part(self, rng: Random, label: str, device_id: str) -> str | None:
        split = label.split()
        if len(split) < 2:
            return None
        area = self.home.by_id[device_id].area
        prefix = normalise_utterance(area).split() if area else []
        # A name that begins with its room is not cut within the room's words.
        whole = len(prefix) if split[: len(prefix)] == prefix else 0
        cuts = [i for i in range(len(split) + 1) if i == 0 or i >= whole]
        runs = [split[i:j] for i in cuts for j in cuts if 0 < j - i < len(split)]
        if len(split) > 2 and whole < 2:
            runs.append([split[0], split[-1]])
        good = [" ".join(run) for run in runs if self._fits_only(run, device_id)]
        return rng.choice(good) if good else None

    def _fits_only(self, run: Sequence[str], device_id: str) -> bool:
        said = " ".join(run)
        weak = all(word in WEAK or word.isdigit() or len(word) < 3 for word in run)
        if (weak and (run[-1] not in HEADS or said in KIND_WORDS)) or not self.free(said):
            return False
        if (
            run[-1] in {"and", "of", "the", "s"}
            or run[0] in {"and", "of"}
            or any(said in place for place in self.lexicon.places)
        ):
            return False
        if all(any(word in place.split() for place in self.lexicon.places) for word in run):
            return False
        return set.intersection(*(self._bearers[word] for word in run)) == {device_id}

    def _with_area(self, rng: Random, label: str, area: str) -> tuple[str, str]:
        rest = label.removeprefix(area).strip()
        if rest != label:
            if not rest or rest in KIND_WORDS or rest in self.lexicon.labels or rest.isdigit():
                return label, ""
            return rest, self.where(rng, area)
        if label in self.lexicon.places or f"{area} {label}" in self.lexicon.labels or area in label:
            return label, ""
        if rng.random() < 0.5 and label.split(maxsplit=1)[0] != area and "'s" not in label:
            return f"{area} {label}", ""
        return label, self.where(rng, area)

    def _swapped(self, rng: Random, label: str) -> str:
        split = label.split()
        places = [i for i, word in enumerate(split) if word in SWAPS]
        if not places or len(split) == 1:
            return label
        at = rng.choice(places)
        new = rng.choice(SWAPS[split[at]])
        said = " ".join([*split[:at], new, *split[at + 1 :]])
        clash = set.intersection(*(self._bearers.get(word, set()) for word in said.split()))
        return label if clash or not self.free(said) else said

    def _with_kind(self, rng: Random, label: str, device: Device) -> str:
        extra = {
            "light": ("light", "lamp", "light"),
            "fan": ("fan",),
            "media_player": (),
            "lock": ("lock",),
            "switch": (),
            "climate": (),
        }
        options = extra.get(device.kind, ())
        if not options or label.rsplit(maxsplit=1)[-1].rstrip("s") in WEAK or label.rsplit(maxsplit=1)[-1].isdigit():
            return label
        said = f"{label} {rng.choice(options)}"
        return said if self.free(said) else label

    def free(self, said: str) -> bool:
        """Whether these words are no name, noun or place of this home."""
        lexicon = self.lexicon
        return (
            said not in lexicon.labels
            and said not in lexicon.nouns
            and said not in lexicon.places
            and said not in KIND_WORDS
        )

    def place_said(self, rng: Random, place: str) -> str:
        """A place as people call it: mostly by its name, now and then by another word that can mean no other."""
        others = self._other_words.get(place)
        if others and rng.random() < 0.2:
            return rng.choice(others)
        return floor_said(rng, place)

    def where(self, rng: Random, place: str) -> str:
        """The place behind a clause; ``here`` is often left unsaid."""
        if place == HERE:
            return rng.choice(("", "", "in here", "in here", "here", "in this room", "in the room", "over here"))
        if place == EVERYWHERE:
            return rng.choice(
                (
                    "in the house",
                    "everywhere",
                    "in the whole house",
                    "in the entire house",
                    "throughout the house",
                    "in the home",
                    "all over the house",
                    "around the house",
                    "at home",
                    "in every room",
                    "in every single room",
                    "inside and out",
                    "in the house and outside",
                    "indoors and outdoors",
                    "anywhere in the house",
                    rng.choice(_WHOLE).format(rng.choice([each for each in _PREMISES if each not in self.words])),
                )
            )
        place = self.place_said(rng, place)
        split = place.split()
        if place in BARE or (split[0] in {"upstairs", "downstairs"} and len(split) == 1):
            return place
        numbered = split[-1].isdigit() or possessive(place) or split[0] == "mission" or place == "home"
        article = "" if numbered else "the "
        if split[-1] in ON_WORDS or split[0] in {"floor", "level"}:
            return f"on {article}{place}"
        if rng.random() < 0.04:
            return f"{rng.choice(('at', 'for', 'over in', 'inside'))} {article}{place}"
        return f"in {article}{place}"


#: Names of a lower and a higher floor, where these two are all that is lived in.
_STOREYS = (
    ("ground floor", "first floor"),
    ("ground", "first"),
    ("first floor", "second floor"),
    ("first", "second"),
    ("1st floor", "2nd floor"),
    ("main floor", "upper floor"),
    ("main", "upper"),
    ("level 1", "level 2"),
    ("floor 1", "floor 2"),
)
_ASIDE = frozenset("basement cellar attic loft outside".split())


def _other_words(lexicon: Lexicon, taken: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Place -> words for it that are no name of this home."""
    found: dict[str, list[str]] = defaultdict(list)
    floors = {words for words, place in lexicon.places.items() if place.kind == "floor"}
    for low, high in _STOREYS:
        if {low, high} == floors - _ASIDE:
            found[low] += ["downstairs"]
            found[high] += ["upstairs"]
    for words in lexicon.places:
        found[words] += SAME_ROOMS.get(words, ())
    free = {
        place: tuple(
            other
            for other in others
            if other not in lexicon.places and not any(word in taken for word in other.split() if word != "room")
        )
        for place, others in found.items()
    }
    said = [other for others in free.values() for other in others]
    return {place: tuple(o for o in others if said.count(o) == 1) for place, others in free.items()}
