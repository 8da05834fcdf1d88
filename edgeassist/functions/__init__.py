"""The functions of the contract; every module here that has ``FUNCTIONS`` adds its own."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from .base import Form, Function, Part

__all__ = ["Form", "Function", "Part", "all_functions", "builtin_functions"]


@cache
def builtin_functions() -> dict[str, Function]:
    """Name -> function, in a stable order."""
    found: dict[str, Function] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found.update((function.name, function) for function in getattr(module, "FUNCTIONS", ()))
    return found


def all_functions(folder: Path | None) -> dict[str, Function]:
    """The built-in functions, and those of a folder ``functions.d``. Raises ConfigError."""
    from .custom import load_functions

    builtin = builtin_functions()
    return {**builtin, **(load_functions(folder, builtin) if folder else {})}
