"""A Debian 12 with its own systemd, booted in a container without any network; needs root and systemd-nspawn."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

CACHE = Path(os.environ.get("EDGEASSIST_E2E") or "/var/cache/edgeassist-e2e")
BASE = CACHE / "debian12"
PACKAGES = (
    "systemd,systemd-sysv,dbus,python3,python3-venv,python3-systemd,mosquitto,mosquitto-clients,ca-certificates,"
    "iproute2,libgomp1,procps,sudo"
)
#: A bridge that leads nowhere else: the host has no address on it.
BRIDGE = "ea-e2e"
NETWORK = "10.77.0.0/24"
_BOOT_S = 90.0


def base() -> Path:
    """The system that every machine is laid over, made once."""
    if not (BASE / "etc/debian_version").exists():
        part = BASE.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", part], check=True)
        part.rename(BASE)
    return BASE


def _ip(arguments: str, *, check: bool = True) -> None:
    subprocess.run(["ip", *arguments.split()], check=check, capture_output=True)


class Machine:
    """Booted within the ``with`` block; everything written to it is gone afterwards."""

    def __init__(self, name: str, binds: dict[Path, str], address: str | None = None) -> None:
        """``address``: its own in :data:`NETWORK`, where it reaches the other machines and nothing else."""
        self.name = name
        self.address = address
        self.folder = CACHE / "machines" / name
        self.root = self.folder / "root"
        self._binds = [f"--bind-ro={source}:{target}" for source, target in binds.items()]
        self._nspawn: subprocess.Popen[bytes] | None = None
        self.leader = 0

    def __enter__(self) -> Self:
        self._unmount()
        for part in ("up", "work", "root"):
            (self.folder / part).mkdir(parents=True)
        layers = f"lowerdir={base()},upperdir={self.folder}/up,workdir={self.folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
        (self.root / "etc/hostname").write_text(f"{self.name}\n")
        command = ["systemd-nspawn", "-D", str(self.root), "-b", "--register=no", "--keep-unit", "--private-network",
                   f"--machine={self.name}", "--console=pipe", *self._binds]  # fmt: skip
        # systemd confines devices and addresses of its services by bpf() in unified control groups; nspawn forbids the
        # one, and has the other only where its own system has.
        environment = os.environ | {"SYSTEMD_SECCOMP": "0", "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        with (self.folder / "console.log").open("wb") as console:
            self._nspawn = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=environment
            )
        self._await_boot()
        if self.address:
            self._connect(self.address)
        return self

    def __exit__(self, *_: object) -> None:
        if self._nspawn is not None:
            self._nspawn.terminate()
            try:
                self._nspawn.wait(30)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        if self.address and not any(Path(f"/sys/class/net/{BRIDGE}/brif").glob("*")):
            _ip(f"link del {BRIDGE}")
        self._unmount()

    def sh(self, script: str, *, timeout: float = 120, check: bool = True) -> str:
        """The output of a shell script in the machine."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"}
        command = ["nsenter", "-t", str(self.leader), "-a", "bash", "-ec", script]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, check=False, env=environment, cwd="/"
        )
        assert not check or done.returncode == 0, f"{script}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def show(self, unit: str, *properties: str) -> dict[str, str]:
        """Properties of a unit, as systemd names them."""
        wanted = " ".join(f"-p {name}" for name in properties)
        return dict(line.split("=", 1) for line in self.sh(f"systemctl show {unit} {wanted}").splitlines())

    def until(self, unit: str, timeout: float = 60, **wanted: str) -> dict[str, str]:
        """Wait until each property holds that text."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.show(unit, *wanted)
            if all(text in found[name] for name, text in wanted.items()):
                return found
            assert time.monotonic() < deadline, f"{found}\n{self.journal(unit)}"
            time.sleep(0.2)

    def journal(self, unit: str) -> str:
        return self.sh(f"journalctl -u {unit} --no-pager -o cat")

    def _await_boot(self) -> None:
        assert self._nspawn is not None
        deadline = time.monotonic() + _BOOT_S
        state = ""
        while state not in {"running", "degraded"}:
            assert time.monotonic() < deadline, (state, (self.folder / "console.log").read_text(errors="replace"))
            time.sleep(0.3)
            children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
            self.leader = int(children[0]) if children else 0
            if self.leader:
                state = self.sh("systemctl is-system-running || true", check=False).strip()
        self.sh("ip link set lo up")

    def _connect(self, address: str) -> None:
        outside = f"ea-{self.name}"[:15]
        _ip(f"link add {BRIDGE} type bridge", check=False)
        _ip(f"link set {BRIDGE} up")
        _ip(f"link del {outside}", check=False)
        _ip(f"link add {outside} type veth peer name host0 netns {self.leader}")
        _ip(f"link set {outside} master {BRIDGE} up")
        self.sh(f"ip address add {address}/{NETWORK.rpartition('/')[2]} dev host0; ip link set host0 up")

    def _unmount(self) -> None:
        subprocess.run(["umount", "-l", self.root], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
