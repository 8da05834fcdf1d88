"""The service manager's notification socket: READY, STATUS, WATCHDOG, STOPPING (see sd_notify(3))."""

from __future__ import annotations

import os
import socket


class Notifier:
    """Sends state to systemd; does nothing where the process was not started by it."""

    def __init__(self, address: str | None = None) -> None:
        named = os.environ.get("NOTIFY_SOCKET") if address is None else address
        self._address = "\0" + named[1:] if named and named.startswith("@") else named
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) if named else None

    @property
    def watchdog_s(self) -> float | None:
        """Half of the watchdog's interval in seconds, or None where none is set for this process."""
        if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
            return None
        interval = os.environ.get("WATCHDOG_USEC", "")
        return int(interval) / 2e6 if interval.isdigit() and int(interval) else None

    def send(self, *lines: str) -> None:
        """Send lines such as ``READY=1`` or ``STATUS=waiting for broker``; a manager that is gone is no error."""
        if self._socket is None or self._address is None:
            return
        try:
            self._socket.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            return
