"""A home registry for tests of what commands it: devices report at once what they were told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from edgeassist.home import Home, State
from edgeassist.messages import Publish, Value


class FakeHome:
    """Devices obey unless they are ``silent`` or ``offline``; ``publish`` takes their commands, ``sent`` keeps them."""

    def __init__(self, home: Home, *, silent: Iterable[str] = (), offline: Iterable[str] = ()) -> None:
        self.home = home
        self.states: dict[str, dict[str, Value]] = {found.id: {} for found in home.devices}
        self.silent, self.offline = set(silent), set(offline)
        self.sent: list[Publish] = []
        self.waited: list[float] = []

    def snapshot(self) -> Home:
        return self.home

    def state(self, device_id: str) -> State:
        return self.states[device_id]

    def available(self, device_id: str) -> bool:
        return device_id not in self.offline

    def attainable(self, device_id: str, change: Mapping[str, Value]) -> dict[str, Value]:
        return dict(change)

    def wait_for(
        self, device_ids: Iterable[str], predicate: Callable[[str, State], bool], timeout_s: float
    ) -> frozenset[str]:
        self.waited.append(timeout_s)
        return frozenset(found for found in device_ids if predicate(found, self.states[found]))

    def publish(self, message: Publish) -> None:
        self.sent.append(message)
        name = message.topic.removesuffix("/set")
        if name not in self.silent:
            parts = dict(part.split("=") for part in message.payload.decode().split())
            self.states[name].update({k: float(v) if v.replace(".", "").isdigit() else v for k, v in parts.items()})
