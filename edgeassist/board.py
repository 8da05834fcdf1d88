"""What this machine is, as Linux tells it: board, memory, cores, heat."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from edgeassist import cpu

#: A core counts as big if its capacity is above this share of the biggest one's: A55 have half of an A76.
_BIG = 0.75


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """Memory in MiB as the kernel counts it; ``capacity`` is per cpu id, up to 1024, on big.LITTLE only."""

    machine: str
    model: str | None = None
    compatible: tuple[str, ...] = ()
    memory_mib: int = 0
    cpus: tuple[int, ...] = (0,)
    physical_cores: int = 1
    capacity: dict[int, int] = field(default_factory=dict)
    features: frozenset[str] = frozenset()
    cgroup_memory: bool | None = None

    @property
    def big_cpus(self) -> tuple[int, ...]:
        """The fast cores; all cores where there is one kind only."""
        if len(set(self.capacity.values())) < 2:
            return self.cpus
        limit = _BIG * max(self.capacity.values())
        return tuple(cpu for cpu in self.cpus if self.capacity.get(cpu, 0) > limit)

    @property
    def memory_gib(self) -> float:
        return self.memory_mib / 1024


def detect(sysroot: Path = Path("/")) -> BoardFacts:
    """The facts under ``sysroot``, which tests make up. Whatever cannot be read is left at its default."""
    cpus = _cpus(sysroot)
    features = cpu.features(sysroot)
    return BoardFacts(
        machine=_machine(features),
        model=_device_tree(sysroot, "model").strip("\0") or None,
        compatible=tuple(name for name in _device_tree(sysroot, "compatible").split("\0") if name),
        memory_mib=_memory_mib(sysroot),
        cpus=cpus,
        physical_cores=_physical_cores(sysroot, cpus),
        capacity=_capacity(sysroot, cpus),
        features=features,
        cgroup_memory=_cgroup_memory(sysroot),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _device_tree(sysroot: Path, name: str) -> str:
    return _read(sysroot / "sys/firmware/devicetree/base" / name) or _read(sysroot / "proc/device-tree" / name)


def _machine(features: frozenset[str]) -> str:
    """From the CPU's features rather than from uname, which a made-up root cannot change."""
    if "asimd" in features:
        return "aarch64"
    if "neon" in features or "vfp" in features:
        return "armv7l"
    return "x86_64" if "lm" in features else platform.machine()


def _memory_mib(sysroot: Path) -> int:
    for line in _read(sysroot / "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) // 1024
    return 0


def _cpus(sysroot: Path) -> tuple[int, ...]:
    online = tuple(_ranges(_read(sysroot / "sys/devices/system/cpu/online"))) or (0,)
    if sysroot != Path("/"):
        return online
    allowed = os.sched_getaffinity(0)  # less than the machine has, in a container or under CPUAffinity=
    return tuple(cpu for cpu in online if cpu in allowed) or tuple(sorted(allowed))


def _ranges(text: str) -> Iterator[int]:
    """The numbers of a kernel list such as ``0-3,6``."""
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _physical_cores(sysroot: Path, cpus: tuple[int, ...]) -> int:
    siblings = {
        _read(sysroot / f"sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list") or str(number)
        for number in cpus
    }
    return len(siblings)


def _capacity(sysroot: Path, cpus: tuple[int, ...]) -> dict[int, int]:
    texts = {number: _read(sysroot / f"sys/devices/system/cpu/cpu{number}/cpu_capacity") for number in cpus}
    return {number: int(text) for number, text in texts.items() if text.isdecimal()}


def _cgroup_memory(sysroot: Path) -> bool | None:
    """Whether memory limits of services work. Raspberry Pi OS boots with them switched off."""
    unified = _read(sysroot / "sys/fs/cgroup/cgroup.controllers")
    if unified:
        return "memory" in unified.split()
    for line in _read(sysroot / "proc/cgroups").splitlines():
        words = line.split()
        if words[0] == "memory":
            return words[-1] == "1"
    return None
