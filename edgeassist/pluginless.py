"""pydantic without its search for plugins.

At the first model that is made it asks every installed distribution for plugins of its own. None is wanted here, and
the modules that read distributions take 47 ms of a start and 1.8 MiB. A program that imported pydantic before keeps its
plugins.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_LOADER = "pydantic.plugin._loader"


class _NoPlugins(ModuleType):
    """What pydantic asks for plugins; anything else that it may come to ask of its loader is the loader's."""

    @staticmethod
    def get_plugins() -> tuple[()]:
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or sys.modules.get(_LOADER) is not self:
            raise AttributeError(f"module {_LOADER!r} has no attribute {name!r}")
        del sys.modules[_LOADER]
        return getattr(importlib.import_module(_LOADER), name)


def without_plugins() -> None:
    if "pydantic" not in sys.modules:
        sys.modules[_LOADER] = _NoPlugins(_LOADER)
