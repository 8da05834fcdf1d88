"""The service manager's end of the notification socket."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Self


class Manager:
    """Collects what a daemon says to systemd; ``environ`` makes it say that."""

    def __init__(self, folder: Path, watchdog_s: float = 60.0) -> None:
        path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.environ = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(watchdog_s * 1e6))}
        self.said: list[tuple[float, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def until(self, start: str, timeout: float = 40.0) -> str:
        """The first line, said or still to come, that begins so."""
        deadline = time.monotonic() + timeout
        while True:
            for _, line in self.said:
                if line.startswith(start):
                    return line
            self.listen(deadline - time.monotonic(), start)

    def listen(self, timeout: float, wanted: str = "") -> None:
        """Take in one message; fails when none comes in time."""
        assert timeout > 0, f"{wanted!r} was not said; only {[line for _, line in self.said]}"
        self._socket.settimeout(timeout)
        try:
            message = self._socket.recv(4096).decode()
        except TimeoutError:
            return
        self.said.extend((time.monotonic(), line) for line in message.splitlines())

    def quiet_since(self, start: str, seconds: float) -> bool:
        """Whether a line that begins so has not been said for the last ``seconds``, listening for as long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.listen(left)
        return not any(at > end - seconds and line.startswith(start) for at, line in self.said)
