"""The one driver behind every convention: a table of readers by topic, a function that encodes, and availability."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from edgeassist.bus.topics import matches
from edgeassist.errors import CommandError
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

Change = Mapping[str, Value]
Encode = Callable[[Change, State], list[Publish]]
Read = Callable[[bytes], Mapping[str, Value]]
Attainable = Callable[[Change], dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a payload on one topic says; ``read`` raises ValueError when it cannot be read."""

    topic: str
    read: Read


@dataclass(slots=True)
class Availability:
    """Whether a device can be reached, from one or several topics.

    ``sources`` are the readers, each giving ``{"available": bool}`` or nothing. Remembers what each said last.
    """

    sources: Sequence[Reader] = ()
    mode: Literal["all", "any", "latest"] = "latest"
    _said: dict[int, bool] = field(default_factory=dict)

    def hear(self, topic: str, payload: bytes) -> dict[str, Value]:
        heard: bool | None = None
        for index, source in enumerate(self.sources):
            if source.topic != topic:
                continue
            said = source.read(payload).get("available")
            if said is not None:
                heard = bool(said)
                self._said[index] = heard
        return {} if heard is None else self._verdict(heard)

    def _verdict(self, heard: bool) -> dict[str, Value]:
        if self.mode == "latest":
            return {"available": heard}
        if self.mode == "any":
            return {"available": any(self._said.values())}
        return {"available": all(self._said.values())}


class TopicDriver:
    """A :class:`edgeassist.home.Driver` put together from parts."""

    def __init__(
        self,
        readers: Iterable[Reader] = (),
        encode: Encode | None = None,
        availability: Availability | None = None,
        attainable: Attainable | None = None,
        queries: Sequence[Publish] = (),
    ) -> None:
        self._readers: dict[str, list[Reader]] = {}
        for reader in readers:
            self._readers.setdefault(reader.topic, []).append(reader)
        self._wild = [topic for topic in self._readers if "+" in topic]
        self._encode = encode
        self._availability = availability or Availability()
        self._attainable = attainable
        #: Messages upon which the device reports its state.
        self.queries = tuple(queries)
        topics = [*self._readers, *(source.topic for source in self._availability.sources)]
        self._topics = tuple(dict.fromkeys(topics))

    @property
    def state_topics(self) -> Sequence[str]:
        return self._topics

    @property
    def reports(self) -> bool:
        """Whether it says more of itself than that it is there."""
        return bool(self._readers)

    def encode(self, change: Change, state: State) -> list[Publish]:
        if self._encode is None:
            raise CommandError("this device only reports; it cannot be commanded")
        try:
            return self._encode(change, state)
        except ValueError as error:
            raise CommandError(f"the device's own description of its commands fails: {error}") from None

    def decode(self, topic: str, payload: bytes) -> dict[str, Value]:
        """All that the payload says; one unreadable part does not hide the others, unless every part is unreadable."""
        found: dict[str, Value] = {}
        failure: ValueError | None = None
        for reader in self._of(topic):
            try:
                found.update(reader.read(payload))
            except ValueError as error:
                failure = failure or error
        found.update(self._availability.hear(topic, payload))
        if failure is not None and not found:
            raise failure
        return found

    def _of(self, topic: str) -> Iterable[Reader]:
        exact = self._readers.get(topic)
        if exact is not None or not self._wild:
            return exact or ()
        return [reader for wanted in self._wild if matches(wanted, topic) for reader in self._readers[wanted]]

    def attainable(self, change: Change) -> dict[str, Value]:
        """The change as the device will report it: 50 % on a fan with three speeds is its second speed, 67 %."""
        return self._attainable(change) if self._attainable else dict(change)


def publish(topic: str | None, payload: str, what: str) -> Publish:
    """The command. Raises CommandError when the device has no topic for it."""
    if topic is None:
        raise CommandError(f"the device has no topic to {what}")
    return Publish(topic, payload.encode("utf-8", "replace"))


def unsupported(change: Change) -> CommandError:
    wanted = ", ".join(f"{name} {value}" for name, value in change.items())
    return CommandError(f"the device cannot do this: {wanted or 'nothing was asked'}")
