"""The conventions by which devices announce themselves, are commanded and report: one module each, found by itself."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from .base import Convention, Unit

__all__ = ["Convention", "Unit", "load"]


def load(unit: Unit = "C", roots: Mapping[str, str] | None = None) -> tuple[Convention, ...]:
    """Every convention of this package, by name. ``unit`` is the home's, for announcements that name none.

    ``roots`` are topics below which a convention, by its module's name, is spoken, where they are not the usual ones.
    """
    roots = roots or {}
    modules = {found.name: import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)}
    found = [
        module.create(unit, roots[name]) if name in roots else module.create(unit)
        for name, module in modules.items()
        if hasattr(module, "create")
    ]
    return tuple(sorted(found, key=lambda convention: convention.name))
