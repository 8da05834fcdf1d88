"""The names of what a home has, as they are spoken, sorted by what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from edgeassist.functions.base import can
from edgeassist.functions.covers import ENTRANCES, MOVABLE
from edgeassist.functions.power import SWITCHABLE
from edgeassist.home import Device, Home
from edgeassist.language.lexicon import EVERYWHERE, Lexicon
from edgeassist.language.nouns import ALL, EVERYTHING, KIND_NOUNS

_MAX_DEGREES = 30
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spell(words: str) -> str:
    """Normalised words as they are spoken: "lamp 2" -> "lamp two"."""
    return " ".join(number(int(word)) if word.isdigit() and len(word) < 3 else word for word in words.split())


def number(value: int) -> str:
    """0 to 100 in words."""
    if value < len(_ONES):
        return _ONES[value]
    if value >= 100:
        return "one hundred"
    tens, ones = divmod(value, 10)
    return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")


NUMBERS: Mapping[str, tuple[str, ...]] = {
    # Nobody asks for 37 percent, and each further number is one more to be mistaken for another.
    "percent": tuple(number(value) for value in (*range(1, 10), *range(10, 101, 5))),
    "degrees": tuple(number(value) for value in range(5, _MAX_DEGREES + 1)),
    "number": tuple(number(value) for value in (*range(1, 21), *range(25, 100, 5))),
}


def _kinds(*kinds: str) -> Callable[[Device], bool]:
    return lambda device: device.kind in kinds


def _both(*tests: Callable[[Device], bool]) -> Callable[[Device], bool]:
    return lambda device: all(test(device) for test in tests)


_KINDS: Mapping[str, Callable[[Device], bool]] = {
    "power": _kinds(*SWITCHABLE),
    "dimmable": _both(_kinds("light"), can("brightness")),
    "coloured": _both(_kinds("light"), can("color")),
    "cover": _kinds(*MOVABLE),
    "stoppable": _both(_kinds(*MOVABLE), can("stop")),
    "position": _both(_kinds(*MOVABLE), can("position")),
    "lock": _kinds("lock"),
    "climate": _kinds("climate"),
    "fan": _both(_kinds("fan"), can("percentage")),
    "player": _kinds("media_player"),
    "vacuum": _kinds("vacuum", "lawn_mower"),
    "scene": _kinds("scene", "button"),
    "state": _kinds("light", "switch", "fan", "cover", "valve", "lock", "media_player", "binary_sensor"),
}


_GUARDED = frozenset({"lock", "siren", "alarm_control_panel"})
#: What is said of several at once: never of sirens and entrances, which are named.
_NOUNS: Mapping[str, Callable[[Device], bool]] = {
    "power_noun": _kinds(*EVERYTHING),
    "dimmable_noun": _both(_kinds("light"), can("brightness")),
    "cover_noun": lambda device: device.kind in MOVABLE and device.device_class not in ENTRANCES,
}


def names_of(home: Home) -> dict[str, tuple[str, ...]]:
    """Rule of the grammar -> names; only rules that have any."""
    lexicon = Lexicon.of(home)
    things = _things(lexicon)
    lists = {name: _which(things, home, fits) for name, fits in _KINDS.items()}
    plain = {noun.plural: lexicon.nouns[noun.plural] for noun in KIND_NOUNS if noun.plural in lexicon.nouns}
    lists |= {rule: _which(plain, home, fits) for rule, fits in _NOUNS.items()}
    lists["place"] = tuple(sorted({spell(place) for place in lexicon.places}))
    humid = {device.id for device in home.devices if device.device_class == "humidity"}
    lists["humid"] = tuple(sorted({spell(place) for place in lexicon.places if lexicon.within[place] & humid}))
    # Nobody locks the lock, and noise sounds like it.
    lists["lock"] = tuple(name for name in lists["lock"] if name.split()[-1] not in {"lock", "locks"})
    return {name: words for name, words in lists.items() if words}


def guarded_in(home: Home) -> dict[str, frozenset[str]]:
    """Names of locks, entrances, sirens and alarms -> their ids: what must not be done by mishearing."""
    lets_in = {device.id for device in home.devices if device.kind in _GUARDED or device.device_class in ENTRANCES}
    return {words: ids for words, ids in _things(Lexicon.of(home)).items() if ids & lets_in}


def _things(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Everything that can be named -> the ids that it means: labels, nouns, and nouns in places."""
    things = {spell(label): frozenset({device}) for label, device in lexicon.labels.items()}
    things |= _short(lexicon)
    singular = {noun.plural: noun.singular for noun in KIND_NOUNS}
    floors = {words for words, place in lexicon.places.items() if place.kind == "floor"}
    for noun, ids in lexicon.nouns.items():
        if noun == ALL.plural:
            continue
        for place, within in lexicon.within.items():
            there = ids & within
            if not there or noun.startswith(place) or (place in floors and (noun not in singular or len(there) == 1)):
                continue
            # A plural that means one thing is one more name to be mistaken for another; its singular is heard.
            one = singular.get(noun, noun)
            spoken = {noun if len(there) > 1 else one, *((one,) if place == EVERYWHERE else ())}
            for words in spoken | ({noun} if not noun.startswith(one[:3]) else set()):
                things.setdefault(spell(words if place == EVERYWHERE else f"{place} {words}"), there)
    return things


def _short(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Names without the place that they begin with, where no other name ends so: "coffee machine", but never "door"."""
    found: dict[str, set[str]] = {}
    for label, device in lexicon.labels.items():
        for place in lexicon.places:
            if label.startswith(f"{place} "):
                found.setdefault(spell(label.removeprefix(f"{place} ")), set()).add(device)
    taken = {*lexicon.labels, *lexicon.nouns, *lexicon.places}
    return {
        words: frozenset(ids)
        for words, ids in found.items()
        if words not in taken and len(ids) == 1 and ids >= _ending(lexicon, words)
    }


def _ending(lexicon: Lexicon, words: str) -> set[str]:
    return {device for label, device in lexicon.labels.items() if spell(label).endswith(f" {words}")}


def _which(things: Mapping[str, frozenset[str]], home: Home, fits: Callable[[Device], bool]) -> tuple[str, ...]:
    """Names of things of which at least one device fits."""
    fitting = {device.id for device in home.devices if fits(device)}
    return tuple(_sorted(words for words, ids in things.items() if ids & fitting))


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted(set(words))
