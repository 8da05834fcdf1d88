"""Errors of TOML files: file, line, key, value, hint."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from edgeassist.errors import ConfigError
from edgeassist.tomlfile import key_lines, line_of, load_toml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Device(_Strict):
    name: str
    power: int = Field(default=1, ge=0, le=9)
    pin: str | None = None


class Area(_Strict):
    aliases: tuple[str, ...] = ()


class Home(_Strict):
    title: str = ""
    device: tuple[Device, ...] = ()
    areas: dict[str, Area] = {}
    main: Device | None = None


TEXT = '''\
# comment with [not.a.table] and key = 1
title = """
[areas.fake]
power = "in a string"
"""

[[device]]
name = "one"        # = "two"
[[device]]
name = 'two [x'
power = 5

[areas.kitchen]
aliases = [
  "a # b",
  'power = 1',
]
[areas."living room"]
aliases = ["]"]
[main]
name = "m"
'''


def write(folder: Path, text: str) -> Path:
    path = folder / "home.toml"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_toml(write(folder, text), Home)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_valid_file_is_the_model(tmp_path: Path) -> None:
    home = load_toml(write(tmp_path, TEXT), Home)
    assert [d.name for d in home.device] == ["one", "two [x"]
    assert home.areas["kitchen"].aliases == ("a # b", "power = 1")


def test_lines_of_keys_survive_strings_and_lists_that_look_like_keys() -> None:
    lines = key_lines(TEXT)
    assert lines[("title",)] == 2
    assert lines[("device", 0, "name")] == 8
    assert lines[("device", 1)] == 9
    assert lines[("device", 1, "power")] == 11
    assert lines[("areas", "kitchen", "aliases")] == 14
    assert lines[("areas", "living room")] == 18
    assert lines[("main", "name")] == 21
    assert ("areas", "fake") not in lines
    assert line_of(lines, ("device", 1, "pin")) == 9
    assert line_of(lines, ("nothing",)) == 1


def test_wrong_value_in_the_second_of_two_tables_names_its_line(tmp_path: Path) -> None:
    text = TEXT.replace("power = 5", "power = 50")
    assert problems(tmp_path, text) == ["home.toml:11: device[2].power = 50: must be less than or equal to 9."]


def test_unknown_keys_get_the_closest_known_one(tmp_path: Path) -> None:
    text = '[[device]]\nname = "a"\npwoer = 2\n[areas.x]\nalias = []\n'
    assert problems(tmp_path, text) == [
        "home.toml:3: device[1].pwoer = 2: unknown key. Did you mean 'power'?",
        "home.toml:5: areas.x.alias = []: unknown key. Did you mean 'aliases'?",
    ]


def test_unknown_key_like_no_other_gets_the_known_ones(tmp_path: Path) -> None:
    assert problems(tmp_path, "[main]\nname = 'a'\nzzz = 1\n") == [
        "home.toml:3: main.zzz = 1: unknown key. Known: name, pin, power."
    ]


def test_missing_key_names_the_table_that_lacks_it(tmp_path: Path) -> None:
    assert problems(tmp_path, "title = 'x'\n\n[[device]]\npower = 1\n") == ["home.toml:3: device[1].name: is missing."]


def test_inline_table_names_the_line_it_is_on(tmp_path: Path) -> None:
    assert problems(tmp_path, "title = 'x'\nmain = { name = 5 }\n") == [
        "home.toml:2: main.name = 5: must be a valid string."
    ]


@pytest.mark.parametrize("key", ["pin = 1234", "pni = 1234", "password = '1234'", "[[device]]\npin = 1234"])
def test_secret_is_never_shown(tmp_path: Path, key: str) -> None:
    text = "\n".join(problems(tmp_path, f"[main]\nname = 'a'\n{key}\n"))
    assert "1234" not in text
    assert "***" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = \n", "home.toml:1: not TOML: Invalid value"),
        ("x = 1\nx = 2\n", "home.toml:2: not TOML: Cannot overwrite a value"),
        ('x = """', "home.toml:1: not TOML: "),
        ("x = " + "[" * 2000 + "\n", "home.toml"),
    ],
)
def test_text_that_is_not_toml_names_the_line(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(tmp_path, text)[0].startswith(expected)


def test_file_that_is_missing_or_binary_or_huge_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: No such file"):
        load_toml(tmp_path / "gone.toml", Home)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"a = '\xff'")
    with pytest.raises(ConfigError, match=r"binary\.toml: is not UTF-8 text at byte 5"):
        load_toml(binary, Home)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(ConfigError, match=r"huge\.toml: larger than"):
        load_toml(huge, Home)


@given(st.text(alphabet="ab.=[]{}\"'#\n \\1,", max_size=60))
def test_line_scan_of_any_text_ends(text: str) -> None:
    assert all(1 <= line <= len(text.splitlines()) for line in key_lines(text).values())
