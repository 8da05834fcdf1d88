"""Targets in words: what people call the devices and places of a home."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from edgeassist.home import Device
from edgeassist.language.lexicon import EVERYWHERE, HERE
from edgeassist.language.nouns import ALL, KIND_NOUNS
from edgeassist.language.syntax import Target
from edgeassist.text import normalise_utterance

from .naming import Namer, Ref
from .vocabulary import COOLING, MASS, PLURALS, SPEAKER_WORDS, SYNONYMS, TV_WORDS, determiner, possessive

__all__ = ["Ref", "Speaker"]


class Speaker(Namer):
    """Says the targets that one home has: one device, or several by a noun and a place."""

    def nouns(self, ids: Collection[str], only: Collection[str] = ()) -> dict[str, frozenset[str]]:
        """Nouns that name some of the devices, with those."""
        held = {noun: found & frozenset(ids) for noun, found in self.lexicon.nouns.items()}
        return {noun: found for noun, found in held.items() if found and (not only or noun in only)}

    def place_for(self, rng: Random, held: Collection[str]) -> str:
        """A place where some of these devices are, every sort of place about as often."""
        held = frozenset(held)
        sorts: dict[str, list[str]] = {"area": [], "floor": []}
        for name, found in self.lexicon.places.items():
            if self.lexicon.within[name] & held:
                sorts[found.kind].append(name)
        weights = {
            "area": 50.0 if sorts["area"] else 0,
            "floor": 30.0 if sorts["floor"] else 0,
            HERE: 26.0 if len(held) > 1 else 70.0,
            EVERYWHERE: 12.0,
        }
        chosen = rng.choices(list(weights), list(weights.values()))[0]
        return rng.choice(sorts[chosen]) if chosen in sorts else chosen

    def group(
        self, rng: Random, noun: str, held: Collection[str], *, place: str | None = None, implied: bool = False
    ) -> Ref | None:
        """A noun with a place; ``implied``: the line names the place only."""
        place = place or self.place_for(rng, held)
        target = Target(noun=None if implied else noun, place=place)
        there = frozenset(held) if place == HERE else frozenset(held) & self.lexicon.within[place]
        if not there:
            return None
        if noun == ALL.plural:
            return self._everything(rng, target, place)
        if noun in self.lexicon.shared:
            return self._shared(rng, noun, target, place, there)
        one, many = self._words_for(rng, noun, there)
        few = len(there) == 1 or place == HERE
        plural = rng.random() < (0.35 if few else 0.93)
        return self._placed(rng, many if plural else one, plural, target, held)

    def _words_for(self, rng: Random, noun: str, there: Collection[str]) -> tuple[str, str]:
        """Singular and plural of the noun or of another word for it that suits all of these devices."""
        common = next(found for found in KIND_NOUNS if found.plural == noun)
        options = [(common.singular, common.plural)] * 2
        devices = [self.home.by_id[i] for i in there]
        for plural, singular in self._synonyms(noun, devices):
            if noun == "locks" or not any(w in self._bearers for w in (*plural.split(), *singular.split())):
                options.append((singular, plural))
        if noun == "players":
            options = options[2:] or options
        if len(options) > 3 and rng.random() < 0.55 and noun == "lights":
            return options[0]
        singular, plural = rng.choice(options)
        if singular in self.lexicon.labels or singular in self.lexicon.nouns:
            singular = plural
        return singular, plural

    def _synonyms(self, noun: str, devices: Sequence[Device]) -> Sequence[tuple[str, str]]:
        found = list(SYNONYMS.get(noun, ()))
        if noun == "heating":
            heats = all(not d.modes or "heat" in d.modes for d in devices)
            cools = all("cool" in d.modes for d in devices)
            return [*(found if heats else []), *(COOLING if cools else [])]
        if noun == "players":
            sorts = {d.device_class for d in devices}
            if sorts != {"tv"}:
                found = [pair for pair in found if pair[1] not in TV_WORDS]
            if sorts != {"speaker"}:
                found = [pair for pair in found if pair[1] not in SPEAKER_WORDS]
        if noun == "covers":
            # The word of a class is the class's own as soon as one such cover is in the home.
            found = [pair for pair in found if pair[0] not in self.lexicon.nouns]
        return found

    def _shared(self, rng: Random, noun: str, target: Target, place: str, there: Collection[str]) -> Ref | None:
        if f"{place} {noun}" in self.lexicon.labels or noun in self.lexicon.places:
            return None
        plural = noun.rsplit(maxsplit=1)[-1] in PLURALS
        if place == HERE and not plural:
            return Ref(target, determiner(rng, noun), noun, rng.choice(("", "", "", "here", "in here")), plural=False)
        many = not plural and len(there) > 1 and not noun.rsplit(maxsplit=1)[-1].isdigit()
        said = noun + "s" if many and noun[-1] not in "sxy" else noun
        return self._placed(rng, said, plural or many, target, there)

    def _everything(self, rng: Random, target: Target, place: str) -> Ref:
        head = rng.choice(
            ("everything", "everything", "everything", "all the devices", "all devices", "all of it", "the lot")
        )
        where = self.where(rng, place)
        if place == HERE:
            where = where or "in here"
        elif place == EVERYWHERE:
            where = rng.choice(("", where))
        return Ref(target, "", head, where, plural=head.startswith("all the"), where=where)

    def _placed(self, rng: Random, said: str, plural: bool, target: Target, held: Collection[str]) -> Ref | None:
        place = target.place or HERE
        if place == EVERYWHERE:
            return self._all(rng, said, plural, target)
        if target.noun not in self.lexicon.shared and place in self.lexicon.places and rng.random() < 0.09:
            return self._two_rooms(rng, said, target, frozenset(held))
        where = self.where(rng, place)
        if place == HERE:
            det = rng.choice(("the", "the", "the", "", "this" if not plural else "these", "my"))
            if plural and where and rng.random() < 0.3:
                det = "all the"
            return Ref(target, det, said, where if rng.random() < 0.4 else "", plural, where)
        room = place
        place = self.place_said(rng, place)
        if rng.random() < 0.5 and f"{place} {said}" not in self.lexicon.labels:
            det = (
                ""
                if possessive(place)
                else rng.choice(("the", "the", "the", "", "my" if rng.random() < 0.3 else "the"))
            )
            if plural and rng.random() < 0.15:
                det = f"all {det}".strip()
            return Ref(target, det, f"{place} {said}", "", plural, where, room)
        det = rng.choice(("the", "the", "the", "the", ""))
        if plural and rng.random() < 0.25:
            det = rng.choice(("all the", "all", "all of the", "both the" if rng.random() < 0.1 else "all the"))
        elif not plural and rng.random() < 0.1 and len(self.lexicon.within[room]) > 1:
            det = rng.choice(("every", "the", "that"))
        return Ref(target, det, said, where, plural, where, room)

    def _two_rooms(self, rng: Random, said: str, target: Target, held: frozenset[str]) -> Ref | None:
        """Two places at once ("the kitchen and hall lights"); None where only one place has them."""
        place = target.place or HERE
        kind = self.lexicon.places[place].kind
        others = [
            name
            for name, other in self.lexicon.places.items()
            if other.kind == kind and other != self.lexicon.places[place] and self.lexicon.within[name] & held
        ]
        if not others:
            return None
        other = rng.choice(others)
        more = (Target(noun=target.noun, place=other),)
        if rng.random() < 0.5:
            det = "" if possessive(place) else "the"
            return Ref(
                target,
                det,
                f"{self.place_said(rng, place)} and {self.place_said(rng, other)} {said}",
                "",
                plural=True,
                more=more,
            )
        joined = f"{self.where(rng, place)} and {self.where(rng, other)}"
        return Ref(
            target,
            "the",
            said,
            joined if rng.random() < 0.5 else joined.replace(" and in the ", " and "),
            plural=True,
            more=more,
        )

    def rooms_alike(self, rng: Random, noun: str, ids: Collection[str], *, implied: bool) -> Ref | None:
        """All the rooms of one sort, where each has what the noun names: "the lights in both bedrooms"."""
        held = frozenset(ids) & self.lexicon.nouns.get(noun, frozenset())
        rooms = self._alike(frozenset(name for name in self.lexicon.places if self.lexicon.within[name] & held))
        if not rooms or noun in self.lexicon.shared:
            return None
        first, *more = (Target(noun=None if implied else noun, place=room) for room in rooms)
        sort, said = room_sort(rooms[0]), self._words_for(rng, noun, held)[1]
        few = ("both {}s", "both {}s", "both the {}s", "both of the {}s", "the two {}s", "the {}s")
        many = ("all the {}s", "all {}s", "the {}s", "every {}", "each {}")
        where = "in " + rng.choice(few if len(rooms) == 2 else many).format(sort)
        if rng.random() < 0.3:
            det = "both" if len(rooms) == 2 else "all the"
            return Ref(first, det, f"{sort} {said}", plural=True, more=tuple(more))
        return Ref(first, rng.choice(("the", "the", "")), said, where, plural=True, where=where, more=tuple(more))

    def _alike(self, good: frozenset[str]) -> list[str]:
        """The two to four rooms of a sort ("bedroom"), all of them among the good ones; none where no sort is so."""
        places = self.lexicon.places
        sorts: dict[str, list[str]] = {}
        for name, place in places.items():
            if place.kind == "area" and name == normalise_utterance(place.name):
                sorts.setdefault(room_sort(name), []).append(name)
        return next(
            (
                rooms
                for sort, rooms in sorts.items()
                if 1 < len(rooms) < 5 and good.issuperset(rooms) and f"{sort}s" not in places
            ),
            [],
        )

    def _all(self, rng: Random, said: str, plural: bool, target: Target) -> Ref:
        where = rng.choice(("", self.where(rng, EVERYWHERE)))
        if said in MASS:
            where = where or self.where(rng, EVERYWHERE)
            return Ref(target, "", f"all the {said}", where, plural=False, where=where)
        if not plural:
            det = rng.choice(("every", "every single", "each"))
        else:
            det = rng.choice(("all the", "all", "all the", "all of the", "all my", "every one of the"))
        # The quantifier is the only sign that the whole home is meant, so a phrase without articles keeps it.
        return Ref(target, "", f"{det} {said}", where, plural, where or "everywhere")


def room_sort(room: str) -> str:
    """What sort of room it is: "bedroom" of "master bedroom", "meeting room" of "meeting room 2"."""
    split = [word for word in room.split() if not word.isdigit()] or [room]
    return " ".join(split[-2:] if split[-1] == "room" else split[-1:])
