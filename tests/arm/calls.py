"""What a model makes of thirty utterances in the simulated home: one line of JSON for each, made by a real decode.

Run as a file, with the Python of an installed release: it needs nothing of the tests. ``calls.py MODEL``
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from edgeassist.choosing import with_thresholds
from edgeassist.conventions import load as load_conventions
from edgeassist.engine.options import EngineOptions
from edgeassist.errors import EdgeAssistError
from edgeassist.evaluation.path import Path as Reader
from edgeassist.evaluation.suite import Meaning
from edgeassist.functions import all_functions
from edgeassist.home import Home
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import load_home
from edgeassist.models import catalogue
from edgeassist.policy import PolicyOptions
from edgeassist.simulate.catalogue import HOME_TOML, products
from edgeassist.understanding import Understanding

#: And where they are said.
UTTERANCES: tuple[tuple[str, str | None], ...] = (
    ("turn on the kitchen ceiling light", None),
    ("turn off the living room lamp", None),
    ("dim the living room lamp to 30 percent", None),
    ("make the bedroom lamp blue", None),
    ("lights on", "Bedroom"),
    ("lights off please", "Kitchen"),
    ("turn off everything downstairs", None),
    ("all lights off", None),
    ("switch the hall light on", None),
    ("toggle the reading lamp", None),
    ("brighter", "Living Room"),
    ("set the living room to 21 degrees", None),
    ("a bit warmer in here", "Living Room"),
    ("open the bedroom curtains", None),
    ("close the curtains", "Bedroom"),
    ("open the blinds half way", None),
    ("lock the front door", None),
    ("unlock the front door", None),
    ("is the front door locked?", None),
    ("how warm is it in the living room", None),
    ("start the hoover", None),
    ("send the robot back to its dock", None),
    ("turn the telly on", None),
    ("pause the tv", None),
    ("set the volume to 20 percent", "Living Room"),
    ("set a timer for ten minutes", None),
    ("put milk on the shopping list", None),
    ("open the bedroom curtains and set the living room to 21 degrees", None),
    ("what do you think of the weather", None),
    ("turn on the light in the garden shed", None),
)


def simulated_home() -> Home:
    """As the daemon comes to know it, without a broker."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "home.toml")
        file.write_text(HOME_TOML)
        declared = load_home(file)
    registry = HomeRegistry(load_conventions(declared.unit, {}), declared)
    for product in products():
        for topic, config in product.announcements.items():
            registry.announce(topic, json.dumps(config).encode())
    return registry.snapshot()


def main(model: str) -> None:
    path = Path(model)
    functions = all_functions(None)
    template = catalogue.get("edgeassist-135m").template
    understanding = Understanding(path, EngineOptions(threads=1, threads_batch=1), functions, template=template)
    read, home = (
        Reader(understanding, functions, with_thresholds(PolicyOptions(), template), patience_s=900),
        simulated_home(),
    )
    for text, room in UTTERANCES:
        began = time.monotonic()
        try:
            answer = read(home, room, text)
        except EdgeAssistError as error:
            sys.exit(f"{text}: {error}")
        line = {"text": text, "line": answer.line, "calls": _spelled(answer.meaning), "meant": _spelled(answer.meant)}
        line["confidence"] = round(answer.confidence, 4)
        print(json.dumps(line | {"ms": round((time.monotonic() - began) * 1000)}), flush=True)


def _spelled(meaning: Meaning) -> object:
    return (
        meaning if isinstance(meaning, str) else [[s.function, sorted(s.devices), dict(s.arguments)] for s in meaning]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
