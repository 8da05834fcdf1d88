"""Playbooks against machines in containers, and bundles that are other releases."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.machine import Machine

ROOT = Path(__file__).parents[2]
PLAYBOOK = os.environ.get("ANSIBLE_PLAYBOOK") or shutil.which("ansible-playbook") or "ansible-playbook"


@dataclass(frozen=True)
class Played:
    code: int
    output: str

    @property
    def changed(self) -> dict[str, int]:
        """By host, from the recap."""
        recap = self.output.rpartition("PLAY RECAP")[2]
        return {name: int(count) for name, count in re.findall(r"^(\S+)\s*: .*changed=(\d+)", recap, re.MULTILINE)}


def play(
    folder: Path, playbook: str, groups: Mapping[str, Mapping[str, Machine]], settings: Mapping[str, Any]
) -> Played:
    """Run a playbook of the repository on machines by inventory name, in groups."""
    assert shutil.which(PLAYBOOK), (
        "ansible-playbook is missing: pip install ansible-core, or name it in ANSIBLE_PLAYBOOK"
    )
    children = {
        group: {"hosts": {name: {"nspawn_leader": str(machine.leader)} for name, machine in members.items()}}
        for group, members in groups.items()
    }
    usual = {
        "ansible_connection": "nspawn",
        "ansible_python_interpreter": "/usr/bin/python3",
        "ansible_become": False,
    }
    inventory = folder / "inventory.json"
    inventory.write_text(json.dumps({"all": {"vars": usual | dict(settings), "children": children}}))
    environment = os.environ | {
        "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/e2e/connection"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_CONFIG": str(ROOT / "ansible/ansible.cfg"),
    }
    command = [PLAYBOOK, "-i", str(inventory), str(ROOT / "ansible" / playbook)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT / "ansible")
    # Not the tasks that went well: they are long, and it is the end that matters.
    print(done.stdout[-4000:], done.stderr[-2000:])
    return Played(done.returncode, done.stdout)


def packed(folder: Path) -> Path:
    """The bundle as a tar, with a manifest that is true of its files."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    tar = folder.with_suffix(".tar")
    with tarfile.open(tar, "w") as file:
        for part in sorted(folder.iterdir()):
            file.add(part, arcname=part.name)
    return tar


def altered(bundle: Path, folder: Path, version: str, daemon: bytes | None = None) -> Path:
    """Another release: the same under another version, or with a daemon of one's own."""
    shutil.copytree(bundle, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"version": version}))
    if daemon is not None:
        wheel = next(folder.glob("wheels/edgeassist-*.whl"))
        with zipfile.ZipFile(wheel) as file:
            contents = {name: file.read(name) for name in file.namelist()}
        with zipfile.ZipFile(wheel, "w") as file:
            for name, data in contents.items():
                file.writestr(name, daemon if name == "edgeassist/daemon.py" else data)
    return packed(folder)
