"""The home's own words for what people call otherwise: the lounge is the living room, where there is no lounge.

A model that knows the names of a home takes any other for something that is not there. So what only this home lacks the
word for is said in its words before the model reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .exceptions import WRITTEN
from .lexicon import Lexicon
from .nouns import KIND_NOUNS, KIND_WORDS
from .pairs import Pairs
from .storeys import Storeys, not_before
from .verbs import COURTESY

#: Names for the same room, each of which may stand for any other.
_ROOMS = tuple(
    tuple(line.split(", "))
    for line in """\
living room, lounge, sitting room, front room, living, living area, drawing room
hall, hallway, corridor, entrance hall, entry hall, entryway, foyer, entrance
stairs, stairway, staircase, stairwell
study, office, home office
toilet, loo, cloakroom, wc, restroom, powder room
garden, yard, back garden, backyard, back yard
utility room, utility, laundry room, laundry
cellar, basement
attic, loft
master bedroom, main bedroom, primary bedroom
guest room, guest bedroom, spare room, spare bedroom
kids room, kids bedroom, children's room, children's bedroom
en suite, ensuite
bedroom, bed room
bathroom, bath room
kitchen, kitchen area""".splitlines()
)
#: Names for the same thing. It must be what a name ends with: a "TV lamp" is no telly.
_THINGS = tuple(
    tuple(line.split(", "))
    for line in """\
tv, telly, television
coffee machine, coffee maker, coffeemaker, espresso machine, espresso maker
fridge, refrigerator
air conditioner, air conditioning, aircon, air con, ac
washing machine, washer, clothes washer
tumble dryer, tumble drier, clothes dryer, dryer
dishwasher, dish washer
extractor, extractor hood, cooker hood, range hood, hood, extractor fan
spotlights, spots, spot lights
floor lamp, standing lamp, standard lamp, floor light
table lamp, table light
desk lamp, desk light
wall light, wall lamp
night light, night lamp, nightlight
bedside lamp, bedside light, nightstand lamp, nightstand light
string lights, fairy lights
led strip, light strip, strip light
hoover, vacuum, vacuum cleaner, robot vacuum, robot vacuum cleaner, robot hoover
mower, lawnmower, lawn mower, robot mower, robot lawnmower, robotic mower
heater, space heater, electric heater, fan heater
curtains, drapes
overhead, overhead light, ceiling light, ceiling lamp, main light, big light
bedtime, bed time, goodnight, good night
playstation, games console, game console
soundbar, sound bar
sprinkler, sprinklers, irrigation
water main, main water valve, mains water, stopcock
chandelier, candelabra
socket, plug, outlet, power outlet, wall socket, wall plug, power socket, power plug
purifier, air purifier""".splitlines()
)
#: Names for what a larger thing holds as well: who has one bathroom and no toilet means the bathroom.
_WITHIN = tuple(
    tuple(line.split(", "))
    for line in """\
bathroom, toilet, loo, restroom, washroom
bath, bathroom, washroom
garden, yard, back garden, backyard""".splitlines()
)
#: Behind each name; a number there is no part of what a thing is.
_END = "|"
_NUMBER = re.compile(r" \d+$")
#: With one of these behind it a word is the first of another thing's name.
_ELSE = r"(?! (?:doors?|windows?|paper|seats?|rolls?|tables?|cups?)\b)"
#: What stands out of doors; lights there are "the outside lights", wherever they hang.
_OUTDOORS = frozenset("garden yard backyard patio terrace deck balcony porch courtyard driveway drive veranda".split())
_OUTSIDE = re.compile(r"\b(?:(?:outside|outdoor|exterior) lights?|lights? outside)\b")
_MOST = 4
#: Kind of things that a home has -> how people speak of them without a name, and the plain words for it.
_IDIOMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "heating": (
        re.compile(
            r"(?:(?<=\bup the )|(?<=\bdown the )|(?<=\bon the )|(?<=\boff the ))heat\b"
            r"|(?:(?<=\bthe )|^)heat(?= (?:up|down|on|off)\b)"
        ),
        "heating",
    ),
    "mowers": (re.compile(r"\b(?:mow|cut) the (?:lawn|grass)\b"), "start the mower"),
    "vacuums": (
        re.compile(
            r"\b(?:vacuum|hoover) (?:the|my|our) (?:carpets?|rugs?|floors?)\b"
            rf"|^{COURTESY}(?:clean|vacuum|hoover)(?: up)? (?:the|this|that|all this) (?:mess|dirt|dust|crumbs)\b"
            rf"|^{COURTESY}(?:clean|vacuum|hoover) (?:under|underneath|around|behind|beneath) (?:the|my|our) \w+\b"
            rf"|^{COURTESY}(?:(?:activate|start|enable) (?:the )?cleaning(?: mode)?|cleaning mode on)\b"
        ),
        "start the vacuum",
    ),
    "lights": (re.compile(r"(?:\b(?:the|my) )?(?<!\blight )\bhue(?= (?:to|on|off)\b)"), "the lights"),
}
#: Makers, and what is said of whatever runs by itself: where no name holds it, it says nothing.
_MAKERS = "philips hue|philips|hue|lifx|tradfri|ikea|nanoleaf|wiz|govee|yeelight|sengled|osram"
_SORTS = "smart|intelligent|connected|electric|wifi|zigbee"
#: The one light that every room has.
_MAIN = "main|big|overhead|ceiling|central"
_MADE = re.compile(rf"\b(?P<maker>{_MAKERS}|{_SORTS}|(?:{_MAIN})(?= (?:light|lamp)s?\b)) (?=(?P<noun>[a-z]+)\b)")
_LAMPS = frozenset("lights light lamps lamp bulbs bulb".split())
#: Rooms of which a home that has one says no more: "the bathroom" is the family bathroom.
_HEADS = ("bathroom", "bedroom", "kitchen", "office", "garage", "hallway", "garden", "porch")
_BEFORE = r"(?:(?<=\bthe )|(?<=\bin )|(?<=\boff )|(?<=\bon )|(?<=\band )|^)"


class Synonyms:
    """The words of one home for what people may say instead."""

    def __init__(self, lexicon: Lexicon) -> None:
        nouns = (word for noun in KIND_NOUNS if noun.plural in lexicon.nouns for word in (noun.plural, noun.singular))
        names = (*lexicon.labels, *lexicon.shared, *lexicon.places)
        self._names = [f" {_NUMBER.sub('', name)} " for name in names]
        #: All names in one text, and with them the kinds of what is there: homes have thousands.
        self._named = "".join(f"{name}{_END}" for name in self._names)
        self._known = self._named + "".join(f" {noun} {_END}" for noun in nouns)
        self._places, self._labels = lexicon.places, lexicon.labels
        self._storeys = Storeys(lexicon)
        self._own = dict(self._pairs())
        longest_first = sorted(map(re.escape, self._own), key=len, reverse=True)
        self._said = re.compile(rf"(?<![\w'])(?:{'|'.join(longest_first)})(?![\w']){_ELSE}") if longest_first else None
        self._rooms = [
            (re.compile(rf"{_BEFORE}{head}(?![\w'])"), place) for head in _HEADS if (place := self._only_place(head))
        ]
        self._rooms += [
            (re.compile(rf"(?<=\bin the ){head}(?![\w']){not_before(head, lexicon)}"), place)
            for head in _HEADS
            if (place := self._first_place(head, lexicon))
        ]
        self._idioms = [idiom for noun, idiom in _IDIOMS.items() if noun in lexicon.nouns]
        self._idioms += _alarms(lexicon)
        self._outside = self._lit_outdoors(lexicon)
        self._plurals = Pairs(
            lexicon, {*lexicon.labels, *lexicon.nouns, *lexicon.places, *lexicon.aliases, *KIND_WORDS}
        )

    def own(self, words: str) -> str:
        """An utterance (see :func:`edgeassist.language.clauses.paused`) in the words of this home.

        What is written down somewhere stays as it was said.
        """
        if WRITTEN.search(words):
            return words
        words = self._storeys.named(words)
        if self._said:
            words = self._said.sub(lambda found: self._own[found[0]], words)
        words = _MADE.sub(self._unmade, words)
        for said, place in self._rooms:
            words = said.sub(place, words)
        for idiom, plain in self._idioms:
            words = idiom.sub(plain, words)
        words = self._plurals.one_by_one(words)
        return _OUTSIDE.sub(self._outside, words) if self._outside else words

    def _unmade(self, found: re.Match[str]) -> str:
        """Nothing in place of a maker whom no name holds, or a sort that none holds so, in front of what is here."""
        maker, noun = found["maker"], found["noun"]
        held = [f"{maker} {noun}"] if maker in _SORTS.split("|") else [*_MAIN.split("|"), *maker.split()]
        here = self._is_known(noun) or noun in _LAMPS
        return found[0] if not here or any(map(self._is_known, held)) else ""

    def _pairs(self) -> Iterator[tuple[str, str]]:
        """What may be said, and the home's word for it."""
        there: set[str] = set()
        for same, end in (*((same, "") for same in _ROOMS), *((same, _END) for same in _THINGS)):
            if held := self._held(same, end):
                there.update(same)
                if self._are_one(held):
                    # Of "living" and "living room" the longer, where every name has it.
                    own = max(held, key=lambda word: (self._known.count(f" {word} "), len(word)))
                    yield from ((other, own) for other in same if not self._is_known(other))
        for larger, *others in _WITHIN:
            if len({self._places[place] for place in self._ending(larger)}) == 1:
                yield from ((other, larger) for other in others if other not in there and not self._is_known(other))

    def _held(self, same: tuple[str, ...], end: str) -> list[str]:
        """Those of these words that are in names of the home, or else in its kinds, the shortest first."""
        for known in (self._named, self._known):
            if held := [word for word in same if f" {word} {end}" in known]:
                # What a place is called by itself goes before what is a part of a name.
                places = [word for word in held if word in self._places] if not end else []
                return sorted(places or held, key=len)
        return []

    def _are_one(self, held: list[str]) -> bool:
        """Whether it is one word with another in front, or all of it means one place or one thing."""
        if all(f" {held[0]} " in f" {word} " for word in held):
            return True
        found = {place for name, place in self._places.items() if any(f" {word} " in f" {name} " for word in held)}
        things = {device for label, device in self._labels.items() if label.endswith(tuple(held))}
        return len(found) == 1 or (not found and len(things) == 1)

    def _is_known(self, words: str) -> bool:
        return f" {words} " in self._known

    def _only_place(self, head: str) -> str | None:
        """The only place whose name ends so, where nothing else holds the word by itself."""
        places = self._ending(head)
        if len({self._places[place] for place in places}) != 1 or head in places:
            return None
        held = (name for name in self._names if f" {head} " in name)
        return places[0] if all(any(f" {place} " in name for place in places) for name in held) else None

    def _ending(self, head: str) -> list[str]:
        return [place for place in self._places if f" {place}".endswith(f" {head}")]

    def _first_place(self, head: str, lexicon: Lexicon) -> str | None:
        """Of several such places the one whose things are called by the word alone: "Bedroom Fan"."""
        if head in self._places or self._only_place(head):
            return None
        bare = [device for label, device in lexicon.labels.items() if f"{label} ".startswith(f"{head} ")]
        areas = {lexicon.home.by_id[device].area for device in bare}
        found = [place for place in self._ending(head) if {self._places[place].name} == areas]
        return found[0] if found else None

    def _lit_outdoors(self, lexicon: Lexicon) -> str:
        """The lights of all places outdoors, in words; none where something has that name, or where there are many."""
        lights = [device for device in lexicon.home.devices if device.kind == "light"]
        lit = {device.area for device in lights}
        called = {word for light in lights for name in lexicon.labels_of.get(light.id, ()) for word in name.split()}
        places: dict[object, str] = {}
        for name, place in self._places.items():
            if place.name in lit and not _OUTDOORS.isdisjoint(name.split()):
                places.setdefault(place, name)
        called |= {word for place in self._places for word in place.split()}
        if not 0 < len(places) <= _MOST or not called.isdisjoint(("outside", "outdoor", "outdoors", "exterior")):
            return ""
        return "lights in the " + " and the ".join(places.values())


def _alarms(lexicon: Lexicon) -> list[tuple[re.Pattern[str], str]]:
    """How people speak of the only alarm of a home; an alarm for an hour is a clock's."""
    devices = lexicon.nouns.get("alarms", frozenset())
    if len(devices) != 1:
        return []
    name = lexicon.labels_of[next(iter(devices))][0]
    ends = r"(?=$| [,?.]| (?:and|please|now|on|off|armed|set)\b)"
    alarm = rf"(?:the|our|my) (?:(?:house|home|burglar|intruder|security) )?(?:alarm(?: system)?|security system){ends}"
    return [
        (re.compile(rf"\b(?:arm|set|activate|enable) {alarm}"), f"turn on the {name}"),
        (re.compile(rf"\b(?:disarm|deactivate|disable) {alarm}"), f"turn off the {name}"),
        # What is cancelled or snoozed is a clock's.
        (re.compile(rf"(?<!\bcancel )(?<!\bsnooze )(?<!\bstop )\b{alarm}"), f"the {name}"),
    ]
