"""The Jinja templates of discovery payloads, run as what they are: programs written by strangers.

Only expressions, ``if`` and ``set`` are accepted, only a few functions can be called, and no string, number or list may
grow beyond a bound, so that rendering takes time and memory in proportion to the template. Everything that goes wrong
is a ValueError.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError, Undefined, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from . import template_functions as functions
from .payload import parse

MAX_TEMPLATE = 8192
MAX_OUTPUT = 16_384
#: Lists within lists made by ``set`` grow as a power of how often they name each other; 32 keeps that below 200,000.
MAX_NESTED_NAMES = 32

_STATEMENTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Assign)
_EXPRESSIONS = (
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Dict,
    nodes.Pair,
    nodes.Keyword,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.Call,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.BinExpr,
    nodes.Concat,
)
#: What rendering may raise on hostile input besides ValueError.
_FAILURES = (TemplateError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)


class Template:
    """One compiled template; immutable, shared by every device that uses the same source."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_TEMPLATE:
            raise ValueError(f"template of {len(source)} characters is longer than {MAX_TEMPLATE}")
        self.source = source
        self._compiled = _compile(source)

    def command(self, value: object, variables: Mapping[str, object] | None = None) -> str:
        """The payload for a command; ``value`` and the variables are visible to the template."""
        return self._render({**(variables or {}), "value": value})

    def extract(self, payload: str) -> str | None:
        """What the template makes of a received payload; None when the payload does not hold what it looks for."""
        variables: dict[str, object] = {"value": payload}
        with suppress(ValueError):
            variables["value_json"] = parse(payload)
        try:
            return self._render(variables)
        except functions.NotThere:
            return None

    def _render(self, variables: dict[str, object]) -> str:
        parts: list[str] = []
        length = 0
        try:
            for part in self._compiled.root_render_func(self._compiled.new_context(variables)):
                length += len(part)
                if length > MAX_OUTPUT:
                    raise ValueError(f"template makes more than {MAX_OUTPUT} characters")
                parts.append(part)
        except UndefinedError as error:
            raise functions.NotThere(str(error)) from None
        except _FAILURES as error:
            raise ValueError(f"template fails: {type(error).__name__}") from None
        return "".join(parts).strip()


@lru_cache(maxsize=2048)
def template(source: str) -> Template:
    """The compiled template, from the cache when it is known. Raises ValueError when it is not acceptable."""
    return Template(source)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox, plus bounds on what arithmetic and methods can make of their operands."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def call_binop(self, _context: Any, operator: str, left: Any, right: Any) -> Any:
        return functions.arithmetic(operator, left, right)

    def call(self, _context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        if isinstance(obj, Undefined):
            raise UndefinedError("call of something undefined")
        if obj not in functions.CALLABLE and not functions.is_safe_method(obj, args):
            raise ValueError("template calls something that is not allowed")
        return functions.bounded(obj(*args, **kwargs))


class _Rewriter(NodeTransformer):
    """Refuses what is not on the list of nodes, and makes ``~`` a bounded function."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        if not isinstance(node, _STATEMENTS + _EXPRESSIONS):
            raise ValueError(f"template uses {type(node).__name__}, which is not allowed")  # noqa: TRY004 peers are wrong by value
        visited = super().generic_visit(node, *args, **kwargs)
        if isinstance(visited, nodes.Concat):
            return nodes.Filter(nodes.List(visited.nodes), "_concatenate", [], [], None, None, lineno=visited.lineno)
        return visited


def _environment() -> _Sandbox:
    environment = _Sandbox(finalize=functions.shown, autoescape=False, optimized=False, cache_size=0)
    environment.filters = dict(functions.FILTERS)
    environment.globals = dict(functions.GLOBALS)
    environment.tests = {
        name: test
        for name, test in environment.tests.items()
        if name
        in {"defined", "undefined", "none", "number", "string", "mapping", "sequence", "boolean", "true", "false"}
        or name in {"in", "eq", "ne", "lt", "le", "gt", "ge", "==", "!=", ">", ">=", "<", "<=", "odd", "even", "sameas"}
    }
    return environment


_ENVIRONMENT = _environment()


def _check_nesting(tree: nodes.Template) -> None:
    names = list(tree.find_all(nodes.Name))
    assigned = {name.name for name in names if name.ctx == "store"}
    containers = tree.find_all((nodes.List, nodes.Tuple, nodes.Dict))
    uses = sum(name.name in assigned for found in containers for name in found.find_all(nodes.Name))
    if uses > MAX_NESTED_NAMES:
        raise ValueError("template nests its variables too often")


def _compile(source: str) -> Any:
    try:
        tree = _ENVIRONMENT.parse(source)
        _check_nesting(tree)
        tree = _Rewriter().visit(tree)
        code = _ENVIRONMENT.compile(tree)
        return _ENVIRONMENT.template_class.from_code(_ENVIRONMENT, code, dict(_ENVIRONMENT.globals))
    except TemplateError as error:
        raise ValueError(f"template cannot be read: {error.message}") from None
    except (SyntaxError, RecursionError, MemoryError, OverflowError, TypeError) as error:
        raise ValueError(f"template cannot be read: {type(error).__name__}") from None
