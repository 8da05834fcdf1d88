"""Downloads from the model hub over HTTP, resumed where they broke off."""

from __future__ import annotations

import fcntl
import http.client
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import edgeassist
from edgeassist.errors import ModelError
from edgeassist.models.catalogue import Download, HubSource
from edgeassist.models.records import Progress
from edgeassist.models.store import Store

#: Sleeps for so many seconds; tests pass one that does not.
Wait = Callable[[float], None]
sleep: Wait = time.sleep

_TIMEOUT_S = 30.0
_CHUNK = 1 << 18
#: Seconds before each new try that follows one which brought nothing.
_PAUSES = (1.0, 2.0, 4.0, 8.0)
_REASONS = {
    401: "the hub wants a login for it",
    403: "the hub refuses it",
    404: "the hub does not have it",
    410: "the hub no longer has it",
}


class _TryAgain(Exception):
    """A try ended early for a reason that may pass."""


def hub_url() -> str:
    """Where the hub is: ``$EDGEASSIST_HUB_URL``, or what other tools use for a mirror, ``$HF_ENDPOINT``."""
    url = os.environ.get("EDGEASSIST_HUB_URL") or os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise ModelError(f"EDGEASSIST_HUB_URL is {url!r}, but must begin with http:// or https://")
    return url.rstrip("/")


def download(entry: Download, source: HubSource, store: Store, progress: Progress | None, wait: Wait) -> Path:
    """The file of ``entry``, complete but unchecked, as a ``.part`` in the store's folder."""
    path = f"{source.repo}/resolve/{source.revision}/{entry.file}"
    part = store.folder / f".{entry.name}-{(entry.sha256 or source.revision)[:12]}.part"
    with part.open("ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelError(f"{entry.name} is being downloaded by another process") from error
        transfer = _Transfer(f"{hub_url()}/{urllib.parse.quote(path)}", file, entry, store, progress)
        if not entry.verified:
            transfer.rewind()  # no digest would tell if the hub's file has changed since the first part of it came
        try:
            transfer.insist(wait)
        except ModelError:
            if file.tell() == 0:
                part.unlink()
            raise
    return part


@dataclass(frozen=True, slots=True)
class _Transfer:
    """One URL on its way into one file, which is open for appending."""

    url: str
    file: FileIO
    entry: Download
    store: Store
    progress: Progress | None

    def insist(self, wait: Wait) -> None:
        """Try until the file is complete, or until one try after another brings nothing."""
        self.store.need_space(max(0, (self.entry.size or 0) - self.file.tell()))
        failures = 0
        while True:
            before = self.file.tell()
            try:
                self._attempt()
            except _TryAgain as problem:
                failures = 1 if self.file.tell() > before else failures + 1
                if failures > len(_PAUSES):
                    raise ModelError(
                        f"{self.entry.name}: {self.url}: {problem}; a new pull goes on from here"
                    ) from problem
                wait(_PAUSES[failures - 1])
            else:
                return

    def rewind(self) -> None:
        self.file.truncate(0)
        self.file.seek(0)

    def _attempt(self) -> None:
        done = self.file.tell()
        if done and done == self.entry.size:
            return
        headers = {"User-Agent": f"edgeassist/{edgeassist.__version__}", "Accept-Encoding": "identity"}
        if done:
            headers["Range"] = f"bytes={done}-"
        request = urllib.request.Request(self.url, headers=headers)  # noqa: S310  (hub_url allows http and https only)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310
                self._receive(response)
        except urllib.error.HTTPError as error:
            error.close()
            self._judge(error.code)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise _TryAgain(str(reason) or type(error).__name__) from error

    def _receive(self, response: http.client.HTTPResponse) -> None:
        begin, total = _extent(response)
        if begin != self.file.tell():
            self.rewind()
            if begin:
                raise _TryAgain("the hub sent another part than the one asked for")
        if total is not None and self.entry.size not in {None, total}:
            self.rewind()
            sizes = f"has {total} bytes, the catalogue says {self.entry.size}"
            raise ModelError(f"{self.entry.name}: the hub's file {sizes} ({self.url})")
        self.store.need_space((total or 0) - begin)
        while chunk := response.read(_CHUNK):
            self._write(chunk)
            if self.progress:
                self.progress(self.file.tell(), total)
        if total is not None and self.file.tell() < total:
            raise _TryAgain(f"the connection ended after {self.file.tell()} of {total} bytes")

    def _write(self, chunk: bytes) -> None:
        try:
            written = self.file.write(chunk)
        except OSError as error:
            raise ModelError(f"cannot write to {self.store.folder}: {error.strerror}") from error
        if written != len(chunk):
            raise ModelError(f"cannot write to {self.store.folder}: the disk is full")

    def _judge(self, status: int) -> None:
        if status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self.rewind()  # what is here is not a beginning of what is there
            raise _TryAgain("the hub's file is shorter than what was here")
        if status in _REASONS:
            raise ModelError(f"{self.entry.name}: {_REASONS[status]} ({status} for {self.url})")
        raise _TryAgain(f"the hub answered {status}")


def _extent(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """Where the body begins in the hub's file, and the size of the whole file, where it says so."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        if match:
            return int(match[1]), int(match[2])
    length = response.headers.get("Content-Length")
    return 0, int(length) if length else None
