"""Releases on an appliance: a bundle is checked against this machine, installed beside the others, and switched to.

Standard library only: ``python3 -m edgeassist.release`` runs from the wheel in the bundle, before all else is there.
Below ``/opt/edgeassist`` lie ``releases/<version>-<digest>``, the links ``current`` and ``previous``, and ``models``.
Each command prints one JSON object with ``changed``, and ends with 1 and a sentence where it refuses.

``keep`` notes the configuration before it is changed; ``settle`` notes that the release is healthy; ``abandon`` goes
back where it is not; ``rollback`` goes back from one that is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from edgeassist import __version__, bundle, cpu
from edgeassist.bundle import MANIFEST, Bundle, Refused
from edgeassist.kept import keep, restore

ROOT = Path("/opt/edgeassist")
_COMPLETE = ".complete"
#: In a release: the name of the one that it took over from.
_BEFORE = ".before"
#: In a release: it has passed the health check of a whole batch once.
_HEALTHY = ".healthy"
#: Debian's build of systemd-python, which no wheel index has.
_DEBIAN_PACKAGES = Path("/usr/lib/python3/dist-packages")


def install(source: Bundle, root: Path) -> bool:
    """Install into a folder of its own; nothing that runs is touched. False where it is there already."""
    target = root / "releases" / source.name
    if (target / _COMPLETE).exists():
        return False
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    _run(sys.executable, "-m", "venv", target)
    wheels = [source.folder / name for name in source.files if name.endswith(".whl")]
    _run(target / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index",
         "--no-deps", "--no-compile", *wheels)  # fmt: skip
    _link_journal(target)
    # In a process of its own: a build for another CPU dies here, and not in the service.
    _run(target / "bin/python", "-c", "import llama_cpp; llama_cpp.llama_backend_init()")
    for name, digest in source.models.items():
        _add_model(target, source.folder / "models" / f"{name}.gguf", name, digest, root / "models")
    shutil.copyfile(source.folder / MANIFEST, target / MANIFEST)
    (target / _COMPLETE).touch()
    return True


def activate(name: str, root: Path) -> bool:
    """Point ``current`` at a release, and ``previous`` at the one before."""
    target = Path("releases") / name
    if not (root / target / _COMPLETE).exists():
        raise Refused(f"{root / target} is not installed completely; install its bundle first")
    before = _link(root / "current")
    if before == target:
        return False
    if before is not None:
        _point(root / "previous", before)
        (root / target / _BEFORE).write_text(before.name)
    _point(root / "current", target)
    return True


def abandon(root: Path, system: Path) -> bool:
    """After a failed health check: put back what was before. ``keep`` has been called before anything was changed.

    A release that has proved healthy before stays, with the configuration that it had. One that never has is left for
    the one before it and that one's configuration, or for none at all.
    """
    now, before = _link(root / "current"), _link(root / "previous")
    if now is None:
        return False
    if (root / now / _HEALTHY).exists():
        return restore(root / now, system)
    if before is None or not (root / before / _COMPLETE).exists():
        (root / "current").unlink()
        return True
    _point(root / "current", before)
    older = root / before / _BEFORE
    if older.exists() and (root / "releases" / older.read_text() / _COMPLETE).exists():
        _point(root / "previous", Path("releases", older.read_text()))
    else:
        (root / "previous").unlink()
    restore(root / before, system)
    return True


def rollback(root: Path, system: Path) -> bool:
    """Exchange ``current`` and ``previous``, each with its configuration."""
    before, now = _link(root / "previous"), _link(root / "current")
    if before is None or now is None:
        raise Refused(f"{root} has no previous release to go back to")
    if not (root / before / _COMPLETE).exists():
        raise Refused(f"the previous release {before} is not there any more")
    keep(root / now, system)
    _point(root / "current", before)
    _point(root / "previous", now)
    restore(root / before, system)
    return True


def settle(root: Path, count: int) -> bool:
    """The current release has proved healthy: note it, and remove the oldest releases beyond ``count``."""
    now = _link(root / "current")
    if now is None:
        raise Refused(f"{root} has no current release")
    fresh = not (root / now / _HEALTHY).exists()
    (root / now / _HEALTHY).touch()
    return prune(root, count) or fresh


def prune(root: Path, count: int) -> bool:
    """Remove the oldest releases beyond ``count``; never the current or the previous one."""
    held = {root / link for link in (_link(root / "current"), _link(root / "previous")) if link}
    found = sorted((root / "releases").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    spare = [path for path in found if path not in held][max(0, count - len(held)) :]
    for path in spare:
        shutil.rmtree(path)
    return bool(spare)


def _add_model(release: Path, file: Path, name: str, digest: str, folder: Path) -> None:
    if (folder / f"{name}-{digest[:12]}.gguf").exists():
        return
    _run(release / "bin/edgeassist", "models", "add", file, "--name", name, "--dir", folder)


def _link_journal(release: Path) -> None:
    """Let the release see Debian's python3-systemd, and nothing else of the system's packages."""
    site = next(release.glob("lib/python3*/site-packages"))
    if (_DEBIAN_PACKAGES / "systemd").is_dir() and not (site / "systemd").exists():
        (site / "systemd").symlink_to(_DEBIAN_PACKAGES / "systemd")


def _link(path: Path) -> Path | None:
    return path.readlink() if path.is_symlink() else None


def _point(link: Path, target: Path) -> None:
    """By rename, so that there is no moment without the link."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
        raise Refused(f"{' '.join(words[:4])} ... ended with {how}: {(done.stderr or done.stdout).strip()[-2000:]}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="edgeassist.release", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "command", choices=["describe", "check", "install", "keep", "activate", "settle", "abandon", "rollback"]
    )
    parser.add_argument("what", nargs="?", help="the bundle's folder, or the release's name for activate")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--system", type=Path, default=Path("/"), help="where etc/edgeassist lies")
    parser.add_argument("--keep", type=int, default=3, help="how many releases stay")
    args = parser.parse_args(arguments)
    os.umask(0o022)
    try:
        changed, name = _do(args)
    except Refused as refused:
        print(json.dumps({"changed": False, "refused": str(refused)}))
        print(f"edgeassist.release: {refused}", file=sys.stderr)
        return 1
    print(json.dumps({"changed": changed, "release": name}))
    return 0


def _do(args: argparse.Namespace) -> tuple[bool, str | None]:
    """Whether something changed, and the release that this was about or that is current by now."""
    match args.command:
        case "describe":
            return _describe(Path(args.what)), bundle.read(Path(args.what)).name
        case "check" | "install":
            source = bundle.read(Path(args.what))
            bundle.check(source, platform.machine(), cpu.features(), sys.version_info[:2])
            return (install(source, args.root) if args.command == "install" else False), source.name
        case "activate":
            return activate(args.what, args.root), args.what
        case "settle":
            changed = settle(args.root, args.keep)
        case "abandon":
            changed = abandon(args.root, args.system)
        case "rollback":
            changed = rollback(args.root, args.system)
        case _:
            changed = False
            if (now := _link(args.root / "current")) is not None:
                keep(args.root / now, args.system)
    current = _link(args.root / "current")
    return changed, current.name if current else None


def _describe(folder: Path) -> bool:
    """Make a bundle of wheels that were fetched or compiled on this machine, and so suit it."""
    if (folder / MANIFEST).exists():
        return False
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    machine = platform.machine()
    needed = cpu.required(machine, cpu.cmake_args(machine, cpu.features()))
    bundle.write(folder, __version__, machine, python, needed, {}, board="index")
    return True


if __name__ == "__main__":
    sys.exit(main())
