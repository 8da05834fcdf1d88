"""What a function is: its contract with users, and the compact words in which the model says it.

The model does not write JSON. It writes one short line whose every word is a decision:

    " off lights kitchen"            turn_off {"area": "Kitchen", "kind": "light"}
    " brightness30 floor lamp"       set_light {"name": "Floor Lamp", "brightness": 30}
    " open garage; off lamp, tv"     three calls

A :class:`Form` is one such way to say a function: a verb, perhaps a value, and how its targets are named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from edgeassist.home import Device, State
from edgeassist.messages import Publish, Value

Risk = Literal["low", "confirm", "deny", "none"]
#: ``noun``: "lights kitchen"; ``place``: "kitchen", the kind being implied by the verb; ``named``: a name only.
Naming = Literal["noun", "place", "named", "nothing"]


class Slot(Protocol):
    """A value in a compact line."""

    def lark(self, spoken: str, /) -> str:
        """The Lark expression of the value; ``spoken`` is the Lark terminal of a run of words of the utterance."""

    def read(self, text: str) -> tuple[Any, str]:
        """Value and the rest of the text. Raises ValueError."""

    def write(self, value: Any) -> str:
        """The compact text of a value."""


@dataclass(frozen=True)
class Part:
    """One argument inside a form. ``default`` is meant when an optional part is left out; None says nothing.

    The argument ``*`` is all of them, from a slot whose value is a mapping.
    """

    argument: str
    slot: Slot
    optional: bool = False
    default: Any = None
    sign: int = 1

    def meaning(self, value: Any) -> Any:
        """The argument's value in the contract for what was written (None: left out)."""
        said = self.default if value is None else value
        return said * self.sign if isinstance(said, int | float) else said


@dataclass(frozen=True)
class Form:
    """One compact way to say a function."""

    verb: str
    naming: Naming
    parts: tuple[Part, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    needs: Callable[[Device], bool] = field(default=lambda _device: True)

    def arguments(self, values: Sequence[Any]) -> dict[str, Any]:
        """Arguments of the contract that this form says, the target left out; ``values`` go with ``parts``."""
        said = dict(self.fixed)
        for part, value in zip(self.parts, values, strict=True):
            meant = part.meaning(value)
            if part.argument == "*":
                said |= meant
            elif meant is not None:
                said[part.argument] = meant
        return said


@dataclass(frozen=True)
class Function:
    """One function of the contract.

    ``change`` turns arguments into wanted properties of one device (see :mod:`edgeassist.home.device`); it raises
    CommandError where the device cannot follow. ``command`` is a function's own message, for one that has no device,
    and ``topic`` where it goes. Timers and lists have neither. ``spoken`` is how the prompt shows a function that a
    user added.
    """

    name: str
    description: str
    forms: tuple[Form, ...]
    kinds: frozenset[str] = frozenset()
    change: Callable[[Device, Mapping[str, Any], State], dict[str, Value]] | None = None
    risk: Callable[[Device | None], Risk] = field(default=lambda _device: "low")
    reads: bool = False
    idempotent: Callable[[Mapping[str, Any]], bool] = field(default=lambda _arguments: True)
    command: Callable[[Mapping[str, Any]], Publish] | None = None
    topic: str | None = None
    spoken: str | None = None

    def suits(self, form: Form, device: Device) -> bool:
        """Whether the grammar may offer the device as a target of that form."""
        return device.kind in self.kinds and form.needs(device)


def has(own: str) -> Callable[[Device], bool]:
    """Devices that do not lack what their kind has of its own: ``power``, ``opening``, ``lock``."""
    return lambda device: own not in device.lacks


def can(*capabilities: str) -> Callable[[Device], bool]:
    """Devices that have every one of the capabilities."""
    wanted = frozenset(capabilities)
    return lambda device: wanted <= device.capabilities
