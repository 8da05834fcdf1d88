from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.conventions.templates import Template, template

REPORT = '{"state": "ON", "temp": 21.456, "nested": {"level": 3}, "list": [1, 2], "none": null, "on": true}'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ value_json.state }}", "ON"),
        ("{{ value_json['state'] }}", "ON"),
        ('{{ value_json["nested"].level }}', "3"),
        ("{{ value_json.state | lower }}", "on"),
        ("{{ value_json.temp | round(1) }}", "21.5"),
        ("{{ value_json.temp | float | round }}", "21"),
        ("{{ value_json.temp | int }}", "21"),
        ("{{ (value_json.temp * 10) | int }}", "214"),
        ("{{ value_json.temp | multiply(2) | round(2) }}", "42.91"),
        ("{{ value_json.missing | default('x') }}", "x"),
        ("{{ value_json.missing | float(0) }}", "0"),
        ("{{ value_json.state | is_defined }}", "ON"),
        ("{{ iif(value_json.on, 'yes', 'no') }}", "yes"),
        ("{{ value_json.none | iif('a', 'b', 'c') }}", "c"),
        ("{{ 'a' if value_json.state == 'ON' else 'b' }}", "a"),
        ("{% if 'temp' in value_json %} yes {% else %} no {% endif %}", "yes"),
        ("{% set names = {None: None, 'ON': 'heating'} %}{{ names[value_json.state] }}", "heating"),
        ("{{ {'off': 0, 'ON': 1}[value_json.state] | default('None') }}", "1"),
        ("{{ value_json.nested | tojson }}", '{"level": 3}'),
        ("{{ (value | from_json).temp }}", "21.456"),
        ("{{ value_json.list[0] }}", "1"),
        ("{{ value_json.list | join('-') }}", "1-2"),
        ("{{ value_json.get('state') ~ '!' }}", "ON!"),
        ("{{ value_json.state is defined and value_json.temp > 20 }}", "True"),
        ("{{ value.split(',')[0].strip()[1:8] }}", '"state"'),
    ],
)
def test_value_template_extracts(source: str, expected: str) -> None:
    assert template(source).extract(REPORT) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{ value_json.gone | is_defined }}",
        "{{ value_json.gone.level }}",
        "{{ value_json.gone + 1 }}",
        "{{ value_json.gone | float }}",
    ],
)
def test_payload_without_the_value_says_nothing(source: str) -> None:
    assert template(source).extract(REPORT) is None


def test_payload_that_is_no_json_is_visible_as_value() -> None:
    assert template("{{ value }}").extract("ON") == "ON"


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ('{"position": {{ value }}}', 40, '{"position": 40}'),
        ("{{ {0:'off', 1:'low'}[value] | default('') }}", 1, "low"),
        ('{"mode": "{{ "emergency" if value == "ON" else "stop" }}"}', "ON", '{"mode": "emergency"}'),
        ("{{ value | int * 2 }}", "4", "8"),
        ("plain", 1, "plain"),
    ],
)
def test_command_template_writes(source: str, value: object, expected: str) -> None:
    assert template(source).command(value) == expected


HOSTILE = [
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{{ 'x' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 9 ** 9 ** 9 ** 9 }}",
    "{{ 2 ** 100000 }}",
    "{{ '%01000000000d' % 1 }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ 'x'.ljust(1000000000) }}",
    "{{ value.__class__.__mro__[1].__subclasses__() }}",
    "{{ value | attr('__class__') }}",
    "{{ ''.__class__.__base__ }}{{ cycler.__init__.__globals__.os.popen('id') }}",
    "{{ self.__init__.__globals__ }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x + x %}" * 40 + "{{ x }}",
    "{% set x = [1, 1] %}" + "{% set x = [x, x] %}" * 40 + "{{ x }}",
    "{% set x = [1, 1] %}" + "{% set x = [x, x] %}" * 15 + "{{ x | tojson }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x.replace('a', x) %}" * 10,
    "{% set x = 9 %}" + "{% set x = x * x %}" * 60 + "{{ x }}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + "-" * 5000 + "1 }}",
    "{{ " * 400,
    "{{ value",
    "{{ 1 / 0 }}",
    "{{ none.x }}{{ {}[[]] }}",
    "x" * 10_000,
    "{{ namespace(a=1).a + [] }}",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_template_is_refused_quickly_or_harmless(source: str) -> None:
    started = time.monotonic()
    try:
        shown = Template(source).extract(REPORT)
    except ValueError:
        shown = None
    assert not shown or len(shown) < 20
    assert time.monotonic() - started < 1.0


@given(
    st.text(max_size=200) | st.text(alphabet="{}%|[]()'\" value_json.+*~0129ifset", max_size=200), st.text(max_size=50)
)
def test_any_text_as_template_raises_nothing_but_value_error(source: str, payload: str) -> None:
    with contextlib.suppress(ValueError):
        Template(source).extract(payload)


def test_same_source_is_compiled_once() -> None:
    assert template("{{ value_json.once }}") is template("{{ value_json.once }}")
