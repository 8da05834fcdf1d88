"""The simulated home as its announcements describe it, without a broker."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from edgeassist.conventions import load
from edgeassist.home import Home
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import load_home
from edgeassist.simulate.catalogue import HOME_TOML, products


@cache
def spoken_home() -> Home:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "home.toml")
        path.write_text(HOME_TOML)
        declared = load_home(path)
    registry = HomeRegistry(load(declared.unit), declared)
    for product in products():
        for topic, config in product.announcements.items():
            registry.announce(topic, json.dumps(config).encode())
    return registry.snapshot()
