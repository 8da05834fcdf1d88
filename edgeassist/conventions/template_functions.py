"""The functions, filters and arithmetic that templates may use, each with a bound on the size of its result."""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import Undefined

from .payload import number, parse

MAX_TEXT = 16_384
MAX_ITEMS = 1024
#: Beyond the exact integers of a double nothing in a home is counted.
MAX_WHOLE = 2**63

_MISSING = object()
_METHODS = frozenset(
    [
        "get",
        "keys",
        "values",
        "items",
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "startswith",
        "endswith",
        "title",
        "capitalize",
        "replace",
        "isdigit",
        "isnumeric",
        "count",
        "find",
        "index",
    ]
)


class NotThere(ValueError):
    """The payload does not hold what the template looks for: it says nothing."""


def bounded(value: Any) -> Any:
    """The value itself. Raises ValueError when it is larger than anything a device sends."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ValueError("template makes a text that is too long")
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        raise ValueError("template makes a number that is too large")
    if isinstance(value, (list, tuple)) and len(value) > MAX_ITEMS:
        raise ValueError("template makes a list that is too long")
    return value


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Numbers with every operator; texts and lists with ``+`` only."""
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        raise NotThere("arithmetic with something undefined")
    if not all(isinstance(value, (int, float)) for value in (left, right)):
        same = type(left) is type(right) and isinstance(left, (str, list, tuple))
        if sign != "+" or not same or len(left) + len(right) > (MAX_TEXT if isinstance(left, str) else MAX_ITEMS):
            raise ValueError(f"template cannot do {type(left).__name__} {sign} {type(right).__name__}")
        return left + right
    bounded(left), bounded(right)
    if sign == "**":
        return float(left) ** float(right)
    return bounded(_OPERATORS[sign](left, right))


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def is_safe_method(function: Any, arguments: Sequence[Any]) -> bool:
    """Whether this is a method of a plain value that cannot make much out of little."""
    owner = getattr(function, "__self__", None)
    if not isinstance(owner, (str, dict)) or getattr(function, "__name__", "") not in _METHODS:
        return False
    if function.__name__ == "replace":
        _replace_is_bounded(owner, arguments)
    return True


def _replace_is_bounded(text: Any, arguments: Sequence[Any]) -> None:
    if not isinstance(text, str) or len(arguments) < 2 or not all(isinstance(part, str) for part in arguments[:2]):
        raise ValueError("replace needs texts")
    if len(text) + text.count(arguments[0]) * len(arguments[1]) > MAX_TEXT:
        raise ValueError("template makes a text that is too long")


def shown(value: Any) -> Any:
    """What is written for a value. Raises ValueError when it holds more than anything a device sends."""
    if isinstance(value, (list, tuple, dict)):
        _weigh(value, MAX_TEXT)
    return bounded(value)


def _weigh(value: Any, budget: int) -> int:
    """What is left of the budget after this value, without ever visiting more than the budget allows."""
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, (list, tuple)):
        for part in value:
            budget = _weigh(part, budget - 1)
    elif isinstance(value, str):
        budget -= len(value)
    if budget < 0:
        raise ValueError("template makes a value that is too large")
    return budget - 1


def concatenate(parts: Sequence[Any]) -> str:
    return str(bounded("".join(str(shown(part)) for part in parts)))


def to_float(value: Any, default: Any = _MISSING) -> Any:
    return _converted(number, value, default)


def to_int(value: Any, default: Any = _MISSING, base: Any = 10) -> Any:
    if isinstance(value, str) and base in {2, 8, 16}:
        return _converted(lambda given: int(given[:64], base), value, default)
    return _converted(lambda given: bounded(int(given if isinstance(given, int) else number(given))), value, default)


def _converted(convert: Callable[[Any], Any], value: Any, default: Any) -> Any:
    if isinstance(value, Undefined) and default is _MISSING:
        raise NotThere("conversion of something undefined")
    try:
        return convert(value)
    except (ValueError, TypeError):
        if default is _MISSING:
            raise
        return default


def rounded(value: Any, precision: Any = 0, method: Any = "common", default: Any = _MISSING) -> Any:
    digits = max(-15, min(15, int(number(precision))))
    result = _converted(lambda given: _round(number(given), digits, method), value, default)
    return int(result) if digits == 0 and isinstance(result, float) and method != "half" else result


def _round(value: float, digits: int, method: Any) -> float:
    factor = 10.0**digits
    if method == "ceil":
        return math.ceil(value * factor) / factor
    if method == "floor":
        return math.floor(value * factor) / factor
    return round(value * 2 * factor) / 2 / factor if method == "half" else round(value, digits)


def is_defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        raise NotThere("the payload does not hold it")
    return value


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = _MISSING) -> Any:
    if value is None and if_none is not _MISSING:
        return if_none
    return if_true if value else if_false


def default(value: Any, fallback: Any = "", boolean: Any = False) -> Any:
    return fallback if isinstance(value, Undefined) or (boolean and not value) else value


def to_bool(value: Any, fallback: Any = _MISSING) -> Any:
    if isinstance(value, (bool, int, float)):
        return bool(value)
    wanted = str(value).strip().lower()
    if wanted in {"1", "true", "yes", "on", "enable"}:
        return True
    if wanted in {"0", "false", "no", "off", "disable"}:
        return False
    if fallback is _MISSING:
        raise ValueError("not a truth value")
    return fallback


def to_json(value: Any, *_: Any, **__: Any) -> str:
    if isinstance(value, Undefined):
        raise NotThere("JSON of something undefined")
    return str(bounded(json.dumps(shown(value), ensure_ascii=False)))


def from_json(value: Any, fallback: Any = _MISSING) -> Any:
    try:
        return parse(str(bounded(value)))
    except ValueError:
        if fallback is _MISSING:
            raise
        return fallback


def replace(text: Any, old: Any, new: Any) -> str:
    given = str(text)
    _replace_is_bounded(given, (str(old), str(new)))
    return given.replace(str(old), str(new))


def join(values: Any, separator: Any = "") -> str:
    return concatenate([part for value in list(values)[:MAX_ITEMS] for part in (separator, value)][1:])


def multiply(value: Any, by: Any, fallback: Any = _MISSING) -> Any:
    return _converted(lambda given: number(given) * number(by), value, fallback)


def add(value: Any, amount: Any, fallback: Any = _MISSING) -> Any:
    return _converted(lambda given: number(given) + number(amount), value, fallback)


def minimum(*values: Any) -> Any:
    return min(values[0] if len(values) == 1 else values)


def maximum(*values: Any) -> Any:
    return max(values[0] if len(values) == 1 else values)


def is_number(value: Any) -> bool:
    try:
        number(value)
    except ValueError:
        return False
    return True


def _text(method: str) -> Callable[[Any], str]:
    return lambda value: str(bounded(getattr(str(value), method)()))


FILTERS: dict[str, Callable[..., Any]] = {
    "_concatenate": concatenate,
    "abs": lambda value: abs(number(value)),
    "add": add,
    "bitwise_and": lambda value, other: int(value) & int(other),
    "bitwise_or": lambda value, other: int(value) | int(other),
    "bool": to_bool,
    "capitalize": _text("capitalize"),
    "count": len,
    "d": default,
    "default": default,
    "first": lambda values: values[0] if values else "",
    "float": to_float,
    "from_json": from_json,
    "iif": iif,
    "int": to_int,
    "is_defined": is_defined,
    "is_number": is_number,
    "join": join,
    "last": lambda values: values[-1] if values else "",
    "length": len,
    "list": lambda values: bounded(list(values)),
    "lower": _text("lower"),
    "max": maximum,
    "min": minimum,
    "multiply": multiply,
    "replace": replace,
    "round": rounded,
    "string": lambda value: str(shown(value)),
    "title": _text("title"),
    "to_json": to_json,
    "tojson": to_json,
    "trim": _text("strip"),
    "upper": _text("upper"),
}
GLOBALS: dict[str, Callable[..., Any]] = {
    "bool": to_bool,
    "float": to_float,
    "iif": iif,
    "int": to_int,
    "is_number": is_number,
    "max": maximum,
    "min": minimum,
}
#: What a template may call by name.
CALLABLE: tuple[Callable[..., Any], ...] = tuple(GLOBALS.values())
