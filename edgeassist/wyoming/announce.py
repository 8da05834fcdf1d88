"""Lets Home Assistant find the server by itself, with the package zeroconf."""

from __future__ import annotations

import socket
from typing import Any

from edgeassist.errors import BusError

_TYPE = "_wyoming._tcp.local."


class Announcement:
    """On the network from ``start`` to ``stop``. ``start`` raises BusError where that is not possible."""

    def __init__(self, node: str, port: int) -> None:
        self._name = f"edgeassist-{node}".replace(".", "-")
        self._port = port
        self._zeroconf: Any = None

    def start(self) -> None:
        try:
            from zeroconf import ServiceInfo, Zeroconf
        except ImportError:
            raise BusError("wyoming.zeroconf: needs the package zeroconf; pip install zeroconf") from None
        info = ServiceInfo(
            _TYPE,
            f"{self._name}.{_TYPE}",
            addresses=[socket.inet_aton(_own_address())],
            port=self._port,
            server=f"{self._name}.local.",
        )
        try:
            self._zeroconf = Zeroconf()
            self._zeroconf.register_service(info)
        except OSError as error:
            raise BusError(f"wyoming.zeroconf: {error}") from None

    def stop(self) -> None:
        """Takes the announcement back; may be called twice."""
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            zeroconf.unregister_all_services()
            zeroconf.close()


def _own_address() -> str:
    """The address of this machine on its network; nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address
