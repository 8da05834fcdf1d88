"""Nodes that start in a tenth of the time: forked off a process that has imported everything, for hundreds of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Self, cast

from tests.support.node import Node


class ForkedNode(Node):
    """A Node in a process forked off a fork server; killed, stopped and waited for like any other."""

    _child: ForkServerProcess | None = None

    def start(self, *, environ: Mapping[str, str] | None = None, module: str = "tests.support.scripted") -> Self:
        context: ForkServerContext = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([module])
        self._child = context.Process(target=_run, args=(module, str(self.file), str(self.folder), dict(environ or {})))
        self._child.start()
        return self

    @property
    def pid(self) -> int:
        assert self._child is not None
        return cast("int", self._child.pid)

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.is_alive()

    def signal(self, number: signal.Signals) -> None:
        if self.running:
            os.kill(self.pid, number)

    def wait(self, timeout: float = 60.0) -> int:
        assert self._child is not None
        self._child.join(timeout)
        if self._child.exitcode is None:
            raise subprocess.TimeoutExpired("node", timeout)
        return self._child.exitcode

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self._child is not None:
            self.wait()


def _run(module: str, config: str, folder: str, environ: Mapping[str, str]) -> None:
    """In the child: its own environment and log, as of a process that was started."""
    from importlib import import_module

    os.environ.update(environ)
    log = os.open(Path(folder) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    raise SystemExit(import_module(module).main(config))
