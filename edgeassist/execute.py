"""Calls -> messages on the devices' own topics, and the proof by their state topics that it was done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from edgeassist.errors import BusError, CommandError
from edgeassist.functions import Function
from edgeassist.home import Device, Home, State
from edgeassist.home.match import is_verifiable, satisfied
from edgeassist.messages import Call, CallResult, Publish, Status, Value

#: Seconds that a kind may take until its state topic reports; what moves or talks by radio takes longer.
VERIFY_S: Mapping[str, float] = {
    "cover": 6.0,
    "valve": 6.0,
    "lock": 8.0,
    "vacuum": 6.0,
    "lawn_mower": 6.0,
    "climate": 4.0,
}
VERIFY_DEFAULT_S = 3.0
#: Seconds that the broker may take to acknowledge a command.
TAKEN_S = 6.0
_RANK = (Status.VERIFIED, Status.SENT, Status.TIMEOUT, Status.FAILED)


class HomeView(Protocol):
    """What commanding needs of the home (see :class:`edgeassist.home.registry.HomeRegistry`)."""

    def snapshot(self) -> Home: ...
    def state(self, device_id: str) -> State: ...
    def available(self, device_id: str) -> bool: ...
    def attainable(self, device_id: str, change: Mapping[str, Value]) -> dict[str, Value]: ...
    def wait_for(
        self, device_ids: Iterable[str], predicate: Callable[[str, State], bool], timeout_s: float
    ) -> frozenset[str]: ...


class Delivery(Protocol):
    """A message on its way (see :class:`edgeassist.bus.values.PublishHandle`)."""

    def wait(self, timeout: float | None = None) -> bool: ...


#: Sends a message without waiting; None where it cannot be told whether the broker got it.
Send = Callable[[Publish], Delivery | None]


@dataclass(frozen=True)
class Errand:
    """One device of one call: what was sent to it, and what it should report."""

    device: Device
    expected: Mapping[str, Value] = field(default_factory=dict)
    messages: tuple[Publish, ...] = ()
    error: str | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def provable(self) -> bool:
        driver = self.device.driver
        # A topic that only tells whether the device is there proves no command.
        reports = bool(driver and getattr(driver, "reports", driver.state_topics))
        return self.error is None and reports and is_verifiable(self.expected)


@dataclass(frozen=True)
class Sent:
    """A call whose commands are out."""

    call: Call
    errands: tuple[Errand, ...]


class Executor:
    """Commands the devices of calls that policy has allowed, and tells from their reports what was done."""

    def __init__(self, home: HomeView, publish: Send, functions: Mapping[str, Function]) -> None:
        self._home = home
        self._send = publish
        self._functions = functions

    def send(self, call: Call) -> Sent:
        """Publish a call's commands; nothing is waited for."""
        home = self._home.snapshot()
        left = dict.fromkeys(call.targets)
        errands: list[Errand] = []
        for group in _groups_within(left, home):
            if left.keys() >= set(group.members):
                together = self._together(call, group, home)
                errands += together
                for done in (*group.members, group.id) if together else ():
                    left.pop(done, None)
        errands += [self._errand(call, target, home) for target in left]
        return Sent(call, tuple(errands))

    def send_message(self, call: Call, command: Callable[[Mapping[str, Any]], Publish]) -> Sent:
        """Publish the own message of a function that a user added; nothing reports that it was done."""
        itself = Device(call.name, call.name.replace("_", " "), "button")
        try:
            message = command(call.arguments)
            deliveries = self._publish((message,))
        except (CommandError, BusError) as error:
            return Sent(call, (Errand(itself, error=str(error)),))
        return Sent(call, (Errand(itself, {}, (message,), None, deliveries),))

    def settle(self, sent: Sequence[Sent]) -> tuple[CallResult, ...]:
        """Wait until every device has reported, or has had its time; results in the order of the calls."""
        waiting: dict[str, Errand] = {}
        for errand in (errand for each in sent for errand in each.errands):
            if errand.provable:
                waiting[errand.device.id] = errand  # of two commands to one device the later one counts
        proved: frozenset[str] = frozenset()
        if waiting:
            timeout = max(VERIFY_S.get(errand.device.kind, VERIFY_DEFAULT_S) for errand in waiting.values())
            proved = self._home.wait_for(waiting, lambda id_, state: satisfied(waiting[id_].expected, state), timeout)
        deadline = time.monotonic() + TAKEN_S
        # A device that reports nothing: what can be said for certain is that the broker has the command.
        return tuple(_result(each, [_status(errand, proved, deadline) for errand in each.errands]) for each in sent)

    def _publish(self, messages: Iterable[Publish]) -> tuple[Delivery, ...]:
        sent = [self._send(message) for message in messages]
        return tuple(delivery for delivery in sent if delivery is not None)

    def _together(self, call: Call, group: Device, home: Home) -> list[Errand]:
        """One message for all members of a group; nothing where they cannot be told the same in that way."""
        members = [home.by_id[member] for member in group.members]
        change = self._functions[call.name].change
        if (
            change is None
            or group.driver is None
            or not all(self._home.available(each.id) for each in (group, *members))
        ):
            return []
        arguments = metric(call.arguments, home.unit)
        try:
            wanted = [change(member, arguments, self._home.state(member.id)) for member in members]
            if "do" in wanted[0] or any(other != wanted[0] for other in wanted):
                return []
            messages = tuple(group.driver.encode(wanted[0], self._home.state(group.id)))
            deliveries = self._publish(messages)
        except (CommandError, BusError):
            return []
        expected = [self._home.attainable(member.id, wanted[0]) for member in members]
        firsts = (messages, *[()] * (len(members) - 1))
        return [
            Errand(member, shown, first, None, deliveries)
            for member, shown, first in zip(members, expected, firsts, strict=True)
        ]

    def _errand(self, call: Call, target: str, home: Home) -> Errand:
        device = home.by_id.get(target)
        if device is None:
            return Errand(Device(target, target, "sensor"), error=f"{target} has left the home")
        state = self._home.state(target)
        change = self._functions[call.name].change
        if not self._home.available(target):
            return Errand(device, error=f"{device.name} is offline")
        try:
            if change is None or device.driver is None:
                raise CommandError(f"{device.name} has no topic to command it on")
            wanted = change(device, metric(call.arguments, home.unit), state)
            expected = self._home.attainable(target, wanted)
            messages = tuple(device.driver.encode(wanted, state))
            deliveries = self._publish(messages)
        except (CommandError, BusError) as error:
            return Errand(device, error=str(error))
        return Errand(device, expected, messages, None, deliveries)


def _groups_within(targets: Iterable[str], home: Home) -> list[Device]:
    """Groups of which every member is a target, the largest first. One that bears a risk of its own is left alone."""
    wanted = set(targets)
    found = [
        device
        for device in home.devices
        if len(device.members) > 1 and device.whole and device.risk is None and wanted >= set(device.members)
    ]
    return sorted(found, key=lambda device: -len(device.members))


def _result(sent: Sent, statuses: Sequence[Status]) -> CallResult:
    """The worst status over the call's devices; the error names those that fell short."""
    errors = [
        errand.error
        or (
            f"{errand.device.name} did not report back"
            if errand.provable
            else f"the broker did not take the command to {errand.device.name}"
        )
        for errand, status in zip(sent.errands, statuses, strict=True)
        if status in {Status.FAILED, Status.TIMEOUT}
    ]
    status = max(statuses, key=_RANK.index, default=Status.FAILED)
    messages = tuple(message for errand in sent.errands for message in errand.messages)
    return CallResult(
        sent.call, status, "; ".join(errors) or (None if sent.errands else "nothing to command"), messages
    )


def _status(errand: Errand, proved: frozenset[str], deadline: float) -> Status:
    if errand.error:
        return Status.FAILED
    if errand.provable:
        return Status.VERIFIED if errand.device.id in proved else Status.TIMEOUT
    taken = all(delivery.wait(max(0.0, deadline - time.monotonic())) for delivery in errand.deliveries)
    return Status.SENT if taken else Status.TIMEOUT


def metric(arguments: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Arguments with temperatures in degrees Celsius, whatever the home's unit."""
    converted = dict(arguments)
    if unit == "F":
        if "temperature" in converted:
            converted["temperature"] = (converted["temperature"] - 32) * 5 / 9
        if "temperature_step" in converted:
            converted["temperature_step"] = converted["temperature_step"] * 5 / 9
    return converted
