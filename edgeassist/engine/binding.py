"""llama.cpp's C interface without the rest of llama-cpp-python.

Importing the package runs all of it: chat formats, a template engine, a disk cache. That costs half a second of every
start and 11 MB of every process, for nothing that is used here. So the package is entered by its lowest module alone;
whoever asks it for more (``from llama_cpp import Llama``) still gets all of it, then.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from edgeassist import cpu


class _Package(ModuleType):
    """The package as far as the import system needs it; it is executed when something else of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        spec = self.__dict__["__spec__"]
        if name.startswith("__") or sys.modules.get(spec.name) is not self or "__executed__" in self.__dict__:
            raise AttributeError(f"module {spec.name!r} has no attribute {name!r}")
        self.__dict__["__executed__"] = True
        spec.loader.exec_module(self)
        return getattr(self, name)


def _enter() -> Any:
    cpu.share_cores()  # OpenMP reads its settings when it is loaded
    if "llama_cpp" not in sys.modules:
        spec = find_spec("llama_cpp")
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError("llama-cpp-python is not installed", name="llama_cpp")
        sys.modules["llama_cpp"] = _package(spec)
    return importlib.import_module("llama_cpp.llama_cpp")


def _package(spec: ModuleSpec) -> ModuleType:
    package = _Package(spec.name)
    package.__spec__, package.__loader__ = spec, spec.loader
    package.__file__, package.__package__ = spec.origin, spec.name
    package.__path__ = list(spec.submodule_search_locations or ())
    return package


#: The module of the C functions; ctypes knows no signatures, so it is not typed.
llama_cpp: Any = _enter()
#: The library behind it, and with it ggml: for calls by the ten thousand, and for what llama.cpp's own header lacks.
library: Any = llama_cpp._lib  # noqa: SLF001  (it has no public handle)
