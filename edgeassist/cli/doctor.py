"""Check that this machine can run the assistant: model, CPU, broker, memory and more."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json

if TYPE_CHECKING:
    from edgeassist.doctor import Check

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


@click.command(help=__doc__)
@config_option
@json_option
def command(config_file: Path | None, as_json: bool) -> None:
    from edgeassist.config import load_config
    from edgeassist.doctor import Subject, examine

    checks = examine(Subject(load_config(config_file)))
    if as_json:
        print_json([dataclasses.asdict(check) for check in checks])
    else:
        for check in checks:
            _print(check)
    sys.exit(any(check.level == "fail" for check in checks))


def _print(check: Check) -> None:
    mark, colour = _MARKS[check.level]
    click.echo(f"{click.style(mark, fg=colour)} {check.name:<11} {check.detail}")
    if check.hint and check.level != "ok":
        click.echo(f"  {'':<11} {click.style(check.hint, dim=True)}")
