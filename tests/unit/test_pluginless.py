"""pydantic's search for plugins is not paid for, and whoever wants it has it."""

import subprocess
import sys

import pytest


def ran(code: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize(("first", "searched"), [("edgeassist", "False"), ("pydantic", "True")])
def test_distributions_are_searched_only_where_pydantic_was_there_before(first: str, searched: str) -> None:
    code = f"import sys, {first}, edgeassist.engine.options; print('importlib.metadata' in sys.modules)"
    assert ran(code) == [searched]


def test_rest_of_the_loader_is_found_when_it_is_asked_for() -> None:
    code = """
import edgeassist, pydantic.plugin
from pydantic.plugin import _loader as loader
print(loader.get_plugins(), loader.PYDANTIC_ENTRY_POINT_GROUP)
from pydantic.plugin import _loader as again
print(again is loader, hasattr(loader, "nothing_of_the_sort"), hasattr(again, "_plugins"))
"""
    assert ran(code) == ["()", "pydantic", "False", "False", "True"]
