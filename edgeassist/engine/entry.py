"""The lowest module of a package without the rest of it.

Importing ``llama_cpp`` runs chat formats, a template engine and a disk cache: half a second of every start and 11 MB of
every process, for nothing that is used here. ``llguidance`` converts other grammars and looks up its own version: 27 ms
and 4 MB. Whoever asks such a package for more (``from llama_cpp import Llama``) still gets all of it, then.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    """A package as far as the import system needs it; it is executed when something else of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        spec = self.__dict__["__spec__"]
        if name.startswith("__") or sys.modules.get(spec.name) is not self or "__executed__" in self.__dict__:
            raise AttributeError(f"module {spec.name!r} has no attribute {name!r}")
        self.__dict__["__executed__"] = True
        spec.loader.exec_module(self)
        return getattr(self, name)


def enter(package: str, module: str) -> ModuleType:
    """``package.module``. Raises ModuleNotFoundError where the package is not installed."""
    if package not in sys.modules:
        spec = find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        sys.modules[package] = _package(spec)
    try:
        return importlib.import_module(f"{package}.{module}")
    except ImportError:
        sys.modules.pop(package, None)  # the next import is to say why, too
        raise


def _package(spec: ModuleSpec) -> ModuleType:
    package = _Package(spec.name)
    package.__spec__, package.__loader__ = spec, spec.loader
    package.__file__, package.__package__ = spec.origin, spec.name
    package.__path__ = list(spec.submodule_search_locations or ())
    return package
