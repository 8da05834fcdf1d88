"""What a reading means in this home and this room: readings become calls of the contract.

Rooms are resolved here and not by the model: "the light" is ``lights here``, and which room "here" is, is known for
certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from edgeassist.functions import Form, Function
from edgeassist.functions.timers import DEFAULT_LIST
from edgeassist.home import Area, Device, Home
from edgeassist.messages import Call
from edgeassist.verdicts import secures

from . import exceptions
from .comfort import comforted
from .exceptions import Spared
from .lexicon import EVERYWHERE, HERE, Lexicon
from .located import located
from .measured import measured
from .nouns import ALL, KIND_NOUNS
from .outright import is_of_another_time, is_unsaid
from .rivals import nearer, overlooked, rival_places, rivals
from .syntax import Reading, Target

_LIST_WORDS = {"grocery": DEFAULT_LIST, "groceries": DEFAULT_LIST, "shopping": DEFAULT_LIST}
_SHOWN = 4
#: State that a question may be about -> the kinds that can be in it.
_ASKED_STATES = {
    **dict.fromkeys(("open", "opened", "closed", "shut"), frozenset({"cover", "valve", "binary_sensor"})),
    **dict.fromkeys(("locked", "unlocked"), frozenset({"lock"})),
}
#: With no room known these can only mean the whole home.
_WHOLE = frozenset({"all", "every", "each", "everything", "everywhere", "whole", "entire", "throughout"})
#: One of these is said by whoever means the whole home; who goes to bed or leaves means it as well.
_EVERYWHERE = _WHOLE | frozenset(
    "any both house home lot around place nobody everyone night goodnight bed sleep leaving left going out away"
    " up".split()
)
#: "Is anyone's heater on" asks after each of them.
_ANY = frozenset({"anyone's", "anybody's", "anyones", "anybodys"})
#: "What's next to the kettle" is not the kettle.
_BESIDE = frozenset("by near next behind above below under beside opposite except not but".split())


class Ambiguous(Exception):
    """Several devices fit equally; its text is the question that helps."""


@dataclass(frozen=True)
class Context:
    """Where and how something was said: ``words`` are those of the normalised utterance.

    What is ``inferred`` was not decoded from these words but follows from what was said before.
    """

    lexicon: Lexicon
    room: Area | None
    words: frozenset[str]
    inferred: bool = False
    #: What is left out ("except the fridge"), if anything is.
    spared: Spared | None = None


def resolve(readings: Iterable[Reading], context: Context) -> tuple[Call, ...]:
    """Calls in the order in which they were said; raises Ambiguous where a reference fits several devices."""
    calls: list[Call] = []
    readings = tuple(readings)
    if not context.inferred:
        readings = located(readings, context.lexicon, context.room, context.words)
        readings = comforted(readings, context.lexicon, context.room, context.words)
        readings = measured(readings, context.lexicon)
    taken = _named(readings, context.lexicon)
    spared = _spared(readings, context)
    if not context.inferred:
        for reading in readings:
            for target in reading.targets:
                _sure(reading, target, taken, context)
        readings = _with_overlooked(readings, taken, context)
    for number, reading in enumerate(readings):
        if number and context.spared and context.spared.first:
            spared = frozenset()
        said = _tidy(reading.form.arguments(reading.values))
        if reading.form.naming == "nothing":
            calls.append(Call(reading.function.name, said))
        for target in reading.targets:
            # What was named outright is meant, whatever else is spared.
            kept = spared - {_id(target.label, context.lexicon)} if target.label else spared
            targets = _targets(reading.function, reading.form, target, context)
            for named, ids in _without(kept, targets, context.lexicon.home):
                _refuse_unsaid(reading, ids, context)
                _append(calls, Call(reading.function.name, {**named, **said}, ids), named)
    return tuple(calls)


def _spared(readings: Iterable[Reading], context: Context) -> frozenset[str]:
    """Raises Ambiguous for an exception that names nothing here: to do it all would be wrong."""
    if context.spared is None or not any(reading.targets for reading in readings):
        return frozenset()
    words = context.spared.words
    found = exceptions.spared(words, context.lexicon, context.room)
    if found is None:
        raise Ambiguous(f"I do not know which device to leave out: {words!r} is nothing that I know here.")
    return found


def _without(
    spared: frozenset[str], found: list[tuple[dict[str, Any], tuple[str, ...]]], home: Home
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """The targets less the spared devices: one by one where that leaves a part of them."""
    for named, ids in found:
        left = [each for id_ in ids for each in exceptions.remaining(id_, spared, home)]
        if left == list(ids):
            yield named, ids
        else:
            yield from _singles(home.by_id[id_] for id_ in left)


def _named(readings: Iterable[Reading], lexicon: Lexicon) -> frozenset[str]:
    """Devices that an utterance names one by one."""
    labels = (target.label for reading in readings for target in reading.targets)
    return frozenset(_id(label, lexicon) for label in labels if label is not None)


def _sure(reading: Reading, target: Target, taken: frozenset[str], context: Context) -> None:
    """Raises Ambiguous for a name or a place of which only as much was said as of another one."""
    lexicon = context.lexicon
    if target.label is not None:
        device = lexicon.home.by_id[_id(target.label, lexicon)]
        fitting = _fitting(reading, lexicon)
        if reading.function.reads and _may_be(device, context.words):
            fitting = [other for other in fitting if _may_be(other, context.words)]
        others = rivals(target.label, device, taken, lexicon, fitting, context.words)
        closer = nearer(target.label, device, context.room, lexicon, fitting, context.words)
        if closer and taken.isdisjoint(each.id for each in closer):
            _only([*closer, device], target)
        here = context.room.name if context.room else None
        if others and (here is None or device.area != here or any(other.area == here for other in others)):
            _only([device, *others], target)
    elif target.place in lexicon.places and target.place is not None:
        places = rival_places(target.place, lexicon, context.words)
        if places:
            names = [lexicon.places[words].name for words in (target.place, *places[: _SHOWN - 1])]
            raise Ambiguous(f"Which place: {', '.join(names[:-1])} or {names[-1]}?")


def _may_be(device: Device, words: frozenset[str]) -> bool:
    """Whether the device can be in the state that is asked after: a lock is not open, and no window is locked."""
    kinds = [kinds for state, kinds in _ASKED_STATES.items() if state in words]
    return not kinds or any(device.kind in each for each in kinds)


def _with_overlooked(readings: Sequence[Reading], taken: frozenset[str], context: Context) -> tuple[Reading, ...]:
    """The readings with the one name that was said for another of which not a word was.

    Only where nothing but names was read: a kind or a place may be what the other was said for. Raises Ambiguous where
    several were said, or one of several is to be exchanged, or one that keeps somebody out, or it only tells where.
    """
    lexicon = context.lexicon
    targets = [(reading, target) for reading in readings for target in reading.targets]
    if not all(target.label for _, target in targets):
        return tuple(readings)
    for reading, target in targets:
        device = lexicon.home.by_id[_id(str(target), lexicon)]
        others = overlooked(str(target), device, taken, lexicon, _fitting(reading, lexicon), context.words)
        if not others:
            continue
        lone = len(others) == len(targets) == 1 and _BESIDE.isdisjoint(context.words)
        if not lone or secures(others[0]):
            _only([device, *others], target)
        return (replace(reading, targets=(Target(label=lexicon.labels_of[others[0].id][0]),)),)
    return tuple(readings)


def _refuse_unsaid(reading: Reading, ids: Iterable[str], context: Context) -> None:
    """Raises Ambiguous for what would be opened without a word for it, and for a scene of another time."""
    if context.inferred:
        return
    for device in map(context.lexicon.home.by_id.__getitem__, ids):
        if is_of_another_time(device, context.words, context.lexicon):
            raise Ambiguous(f'{device.name} is for another time; say "{device.name}" if you mean it.')
        if is_unsaid(reading.form.verb, device, context.words, context.lexicon):
            raise Ambiguous(f'Shall {device.name} be opened? Then say "open {device.name}".')


def _fitting(reading: Reading, lexicon: Lexicon) -> list[Device]:
    return [device for device in lexicon.home.devices if reading.function.suits(reading.form, device)]


def _append(calls: list[Call], call: Call, named: dict[str, Any]) -> None:
    """Add a call; a light's brightness and colour said one after the other are one call."""
    if calls and call.name == "set_light" == calls[-1].name:
        last = calls[-1]
        fresh = call.arguments.keys() - named.keys()
        if last.targets == call.targets and not fresh & last.arguments.keys():
            calls[-1] = Call(call.name, {**last.arguments, **call.arguments}, call.targets)
            return
    calls.append(call)


def _tidy(arguments: dict[str, Any]) -> dict[str, Any]:
    if "list" in arguments:
        arguments["list"] = _LIST_WORDS.get(arguments["list"], arguments["list"])
    return arguments


def _targets(
    function: Function, form: Form, target: Target, context: Context
) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """Target arguments and device ids; several where the contract has no single target for them."""
    lexicon = context.lexicon
    if target.label is not None:
        device = lexicon.home.by_id[_id(target.label, lexicon)]
        # A group that nobody announced has no topic of its own.
        ids = device.members if device.driver is None and device.members else (device.id,)
        return [({"name": device.name}, ids)]
    fitting = [device for device in lexicon.home.devices if function.suits(form, device)]
    if target.noun is not None:
        fitting = [device for device in fitting if device.id in lexicon.nouns[target.noun]]
    if target.place == EVERYWHERE and not (function.reads or context.inferred or context.words & _EVERYWHERE):
        # Nobody said so: what is meant is what stands around the speaker.
        target = replace(target, place=HERE)
    place = _place(target.place or HERE, context)
    there = fitting if place == {} else [device for device in fitting if _within(device, place, context)]
    there = _without_groups(there)
    if target.place == HERE and not there:
        there, place = _all_of_them(fitting, target, context) or (_only(fitting, target), None)
    if not there and target.place != HERE:
        _only(there, target)
    if target.noun in lexicon.shared:
        return _singles(there if len(there) == 1 or _plural(target, context) else _only(there, target))
    return _described(there, place, target)


def _here(context: Context) -> bool:
    return bool(context.words & {"here", "this", "room"})


def _all_of_them(
    devices: Sequence[Device], target: Target, context: Context
) -> tuple[list[Device], dict[str, str]] | None:
    """Several that are meant together though no room has them: in their one area, or everywhere if that was said."""
    areas = {device.area for device in devices}
    if len(areas) == 1 and (area := areas.pop()) and _plural(target, context):
        return _without_groups(devices), {"area": area}
    if context.room is None and context.words & (_WHOLE | _ANY) and not _here(context):
        return _without_groups(devices), {}
    return None


def _id(label: str, lexicon: Lexicon) -> str:
    found = lexicon.device_of(label)
    if found is None:
        raise ValueError(f"{label!r} is nothing in this home")
    return found


def _without_groups(devices: Sequence[Device]) -> list[Device]:
    """No group beside its own members: toggled twice, a lamp is as it was."""
    ids = {device.id for device in devices}
    return [device for device in devices if ids.isdisjoint(device.members)]


def _described(
    devices: Sequence[Device], place: dict[str, str] | None, target: Target
) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """Devices of a place by area or floor, and kind where one was said."""
    noun = next((noun for noun in (*KIND_NOUNS, ALL) if noun.plural == target.noun), None)
    if place is None or (len(devices) == 1 and noun is not None and noun.classes):
        return _singles(devices)
    if place and (noun is None or noun is ALL):
        return [(dict(place), _ids(devices))]
    kinds = sorted({device.kind for device in devices})
    return [({**place, "kind": kind}, _ids(d for d in devices if d.kind == kind)) for kind in kinds]


def _place(words: str, context: Context) -> dict[str, str] | None:
    """The target argument of a place, empty for everywhere; None where "here" is unknown."""
    if words == EVERYWHERE:
        return {}
    if words == HERE:
        return {"area": context.room.name} if context.room else None
    place = context.lexicon.places[words]
    return {place.kind: place.name}


def _within(device: Device, place: dict[str, str] | None, context: Context) -> bool:
    if place is None or device.area is None:
        return False
    return device.area == place.get("area") or context.lexicon.home.floor_of.get(device.area) == place.get("floor", "")


def _only(devices: Sequence[Device], target: Target) -> list[Device]:
    """The only device that fits; otherwise nobody may guess."""
    if len(devices) == 1:
        return list(devices)
    noun = next((noun.singular for noun in KIND_NOUNS if noun.plural == target.noun), target.noun)
    noun = noun or _kind_of(devices)
    if not devices:
        raise Ambiguous(f"I know no {noun or 'such device'} here.")
    names = [_told_apart(device, devices) for device in devices[:_SHOWN]]
    more = " or another" if len(devices) > _SHOWN else f" or {names.pop()}"
    raise Ambiguous(f"Which {noun or 'one'}: {', '.join(names)}{more}?")


def _kind_of(devices: Sequence[Device]) -> str | None:
    """The noun that all of the devices have, in the singular."""
    return next((noun.singular for noun in KIND_NOUNS if devices and all(map(noun.names, devices))), None)


def _told_apart(device: Device, devices: Sequence[Device]) -> str:
    twins = sum(other.name == device.name for other in devices)
    return f"{device.name} ({device.area})" if twins > 1 and device.area else device.name


def _plural(target: Target, context: Context) -> bool:
    """Whether all of them were meant: "the lamps", "both lamps", "every lamp", or a place that says so."""
    if context.words & {"all", "both", "every", "each", *_ANY}:
        return True
    if any(noun.plural == target.noun for noun in KIND_NOUNS):
        return (target.noun or "").split()[-1] in context.words
    last = (target.noun or "").split()[-1:]
    return any(f"{word}{ending}" in context.words for word in last for ending in ("s", "es"))


def _singles(devices: Iterable[Device]) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    return [({"name": device.name}, (device.id,)) for device in devices]


def _ids(devices: Iterable[Device]) -> tuple[str, ...]:
    return tuple(device.id for device in devices)
