"""Boards as trees of files under a made-up root, the way that Linux shows them on the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

A53 = "fp asimd evtstrm crc32 cpuid"
A76 = "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"
X86 = "fpu lm avx avx2 f16c fma bmi2"
X86_AVX512 = f"{X86} avx512f avx512cd avx512bw avx512dq avx512vl avx512_vnni avx512vbmi amx_tile amx_int8"


@dataclass(frozen=True)
class Board:
    profile: str
    model: str | None
    compatible: tuple[str, ...]
    memory_kib: int
    features: str
    cores: int = 4
    capacity: tuple[int, ...] = ()


PI = "Raspberry Pi"
BOARDS = {
    "zero-2-w": Board(
        "pi-zero-2-w", f"{PI} Zero 2 W Rev 1.0", ("raspberrypi,model-zero-2-w", "brcm,bcm2837"), 437084, A53
    ),
    "3b": Board("pi-3", f"{PI} 3 Model B Rev 1.2", ("raspberrypi,3-model-b", "brcm,bcm2837"), 945512, A53),
    "3b-plus": Board(
        "pi-3", f"{PI} 3 Model B Plus Rev 1.3", ("raspberrypi,3-model-b-plus", "brcm,bcm2837"), 944264, A53
    ),
    "4-1gb": Board("pi-4-2gb", f"{PI} 4 Model B Rev 1.1", ("raspberrypi,4-model-b", "brcm,bcm2711"), 929492, A53),
    "4-2gb": Board("pi-4-2gb", f"{PI} 4 Model B Rev 1.5", ("raspberrypi,4-model-b", "brcm,bcm2711"), 1893356, A53),
    "4-4gb": Board("pi-4", f"{PI} 4 Model B Rev 1.4", ("raspberrypi,4-model-b", "brcm,bcm2711"), 3884360, A53),
    "4-8gb": Board("pi-4", f"{PI} 4 Model B Rev 1.4", ("raspberrypi,4-model-b", "brcm,bcm2711"), 7998784, A53),
    "400": Board("pi-4", f"{PI} 400 Rev 1.0", ("raspberrypi,400", "brcm,bcm2711"), 3884360, A53),
    "5-4gb": Board("pi-5-4gb", f"{PI} 5 Model B Rev 1.0", ("raspberrypi,5-model-b", "brcm,bcm2712"), 4132752, A76),
    "5-8gb": Board("pi-5", f"{PI} 5 Model B Rev 1.0", ("raspberrypi,5-model-b", "brcm,bcm2712"), 8254048, A76),
    "5-16gb": Board("pi-5", f"{PI} 5 Model B Rev 1.1", ("raspberrypi,5-model-b", "brcm,bcm2712"), 16607648, A76),
    "orange-pi-5": Board(
        "rk3588", "Orange Pi 5", ("xunlong,orangepi-5", "rockchip,rk3588s"), 8049136, A76, 8, (530,) * 4 + (1024,) * 4
    ),
    "rock-5b": Board(
        "rk3588", "Radxa ROCK 5B", ("radxa,rock-5b", "rockchip,rk3588"), 16251136, A76, 8, (414,) * 4 + (1024,) * 4
    ),
    "odroid-n2": Board(
        "generic-arm64", "Hardkernel ODROID-N2", ("hardkernel,odroid-n2",), 3789000, A53, 6, (592,) * 2 + (1024,) * 4
    ),
    "laptop": Board("generic-x86-64", None, (), 16000000, X86, 8),
    "server": Board("generic-x86-64", None, (), 64000000, X86_AVX512, 2),
}


def make(root: Path, board: Board) -> Path:
    """The tree of ``board`` under ``root``."""
    machine = "flags" if " lm" in board.features else "Features"
    files = {
        "proc/cpuinfo": "".join(f"processor\t: {n}\n{machine}\t: {board.features}\n\n" for n in range(board.cores)),
        "proc/meminfo": f"MemTotal:       {board.memory_kib} kB\nMemFree:        1000 kB\n",
        "sys/devices/system/cpu/online": f"0-{board.cores - 1}\n",
    }
    if board.model:
        files["sys/firmware/devicetree/base/model"] = f"{board.model}\0"
        files["sys/firmware/devicetree/base/compatible"] = "".join(f"{name}\0" for name in board.compatible)
    for number, capacity in enumerate(board.capacity):
        files[f"sys/devices/system/cpu/cpu{number}/cpu_capacity"] = f"{capacity}\n"
    if not board.model:  # two threads for each core
        for number in range(board.cores):
            siblings = f"{number // 2 * 2}-{number // 2 * 2 + 1}\n"
            files[f"sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list"] = siblings
    write(root, files)
    return root


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
