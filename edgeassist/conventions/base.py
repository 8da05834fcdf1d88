"""What a convention is: how one family of products announces devices on the bus.

A convention is one module (or package) in this folder with a function ``create(unit, root) -> Convention``, ``root``
having a default; nothing else has
to name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from edgeassist.home.device import Device

#: The unit of temperatures whose announcement does not name one.
Unit = Literal["C", "F"]


class Convention(Protocol):
    """Reads announcements and says which devices they stand for."""

    @property
    def name(self) -> str:
        """Lower case, unique among the conventions."""

    @property
    def subscriptions(self) -> Sequence[str]:
        """Topic filters on which devices are announced."""

    def read(self, topic: str, payload: bytes) -> tuple[Device, ...]:
        """All devices that this announcement topic now stands for; none for an empty payload (a removal).

        Raises ValueError, and nothing else, when the announcement cannot be read.
        """
