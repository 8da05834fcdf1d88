"""A real Mosquitto on a port of its own, to be killed, stopped and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_READY_S = 10.0
_LOOK_S = 0.02


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """Anonymous on loopback unless ``config`` says otherwise; with ``persistence`` it keeps sessions over a restart."""

    def __init__(
        self, *, persistence: bool = False, config: tuple[str, ...] = (), port: int | None = None, listen: bool = True
    ) -> None:
        self.host = "127.0.0.1"
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="mosquitto-"))
        self._process: subprocess.Popen[bytes] | None = None
        lines = ["log_type all", "user root", f"persistence {str(persistence).lower()}"]
        if persistence:
            # With changes counted and an interval of 1 every message is on the disk before its acknowledgement.
            lines += [f"persistence_location {self.folder}/", "autosave_on_changes true", "autosave_interval 1"]
        if listen:
            lines += [f"listener {self.port} {self.host}"]
        if not any(line.startswith("allow_anonymous") for line in config):
            lines += ["allow_anonymous true"]
        self._file = self.folder / "mosquitto.conf"
        self._file.write_text("\n".join([*lines, *config]) + "\n")

    def start(self) -> Self:
        """Returns when it takes connections."""
        assert MOSQUITTO is not None, "mosquitto is not installed"
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._file)], stdout=log, stderr=log)
        deadline = time.monotonic() + _READY_S
        while not self._answers():
            try:
                code = self._process.wait(_LOOK_S)
            except subprocess.TimeoutExpired:
                assert time.monotonic() < deadline, f"mosquitto does not listen: {self.log()}"
            else:
                raise AssertionError(f"mosquitto ended with {code}: {self.log()}")
        return self

    def stop(self) -> None:
        """As systemd stops it: sessions are saved, clients told."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        """Stuck: connections stay open, nothing is read or answered."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def log(self) -> str:
        path = self.folder / "mosquitto.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self) -> None:
        if self._process is not None:
            self.resume()
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answers(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        self._signal(number)
        if self._process is not None:
            self._process.wait(_READY_S)
            self._process = None
