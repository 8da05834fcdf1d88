"""A Debian 12 for 64-bit ARM in a folder, run by QEMU in user mode; needs root, debootstrap and qemu-user-static."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

from tests.support.machine import CACHE

BASE = CACHE / "debian12-arm64"
PACKAGES = "python3,python3-venv,libgomp1,ca-certificates,procps"
_BINFMT = Path("/proc/sys/fs/binfmt_misc")


def base() -> Path:
    """The system below every chroot, made once. Debian's QEMU is started by the kernel for whatever is ARM in it."""
    if not (_BINFMT / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", _BINFMT], check=True)
    if not (_BINFMT / "qemu-aarch64").exists():
        subprocess.run(["update-binfmts", "--enable", "qemu-aarch64"], check=True)
    if not (BASE / "etc/debian_version").exists():
        part = BASE.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        options = ["--arch=arm64", "--variant=minbase", f"--include={PACKAGES}"]
        subprocess.run(["debootstrap", *options, "bookworm", part], check=True)
        part.rename(BASE)
    return BASE


class Chroot:
    """Writable within the ``with`` block; everything written to it is gone afterwards."""

    def __init__(self, name: str, binds: dict[Path, str]) -> None:
        self.folder = CACHE / "machines" / name
        self.root = self.folder / "root"
        self._binds = binds

    def __enter__(self) -> Self:
        self._unmount()
        for part in ("up", "work", "root"):
            (self.folder / part).mkdir(parents=True)
        layers = f"lowerdir={base()},upperdir={self.folder}/up,workdir={self.folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        subprocess.run(["mount", "-t", "proc", "proc", self.root / "proc"], check=True)
        subprocess.run(["mount", "--bind", "/dev", self.root / "dev"], check=True)
        for source, target in self._binds.items():
            inside = self.root / target.lstrip("/")
            inside.mkdir(parents=True)
            subprocess.run(["mount", "--bind", "-o", "ro", source, inside], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._unmount()

    def run(
        self, script: str, cpu: str, *, timeout: float = 1800, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """A shell script on a CPU of that name (``qemu-aarch64 -cpu help`` lists them)."""
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": "/root",
            "QEMU_CPU": cpu,
            # Hundreds of waits for each other a token: emulated threads have nothing from being two.
            "OMP_NUM_THREADS": "1",
        }
        command = ["chroot", str(self.root), "bash", "-ec", script]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, check=False, env=environment, cwd="/"
        )
        assert not check or done.returncode == 0, f"{script}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def _unmount(self) -> None:
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        inside = [path for path in mounted if path == str(self.root) or path.startswith(f"{self.root}{os.sep}")]
        for path in sorted(inside, reverse=True):
            subprocess.run(["umount", "-l", path], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)
