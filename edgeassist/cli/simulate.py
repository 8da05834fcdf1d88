"""A simulated home on the broker; with --demo the whole of edgeassist at work on one."""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json

if TYPE_CHECKING:
    from edgeassist.simulate.demo import Shown

_PIPE_WIDTH = 160


@click.command(help=__doc__)
@click.option(
    "--demo", is_flag=True, help="Bring a broker, the daemon and some utterances along, print a table, and end."
)
@click.option("--home-toml", is_flag=True, help="Print the home.toml that goes with the simulated home, and end.")
@config_option
@json_option
def command(demo: bool, home_toml: bool, config_file: Path | None, as_json: bool) -> None:
    if home_toml:
        from edgeassist.simulate import SimulatedHome

        click.echo(SimulatedHome.home_toml)
    elif demo:
        _demo(as_json=as_json)
    else:
        _simulate(config_file)


def _simulate(config_file: Path | None) -> None:
    from edgeassist.config import load_config
    from edgeassist.simulate import SimulatedHome

    mqtt = load_config(config_file).mqtt
    password = mqtt.password.get_secret_value() if mqtt.password else None
    with SimulatedHome(mqtt.host, mqtt.port, mqtt.username, password) as home:
        click.echo(f"{len(home.device_ids)} devices on {mqtt.host}:{mqtt.port}; Ctrl-C ends it", err=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def _demo(*, as_json: bool) -> None:
    from edgeassist.simulate import demo

    # What a daemon would log is in the table, or is an error.
    logging.basicConfig(level=logging.ERROR)
    shown: list[Shown] = []
    demo.play(shown.append)
    if as_json:
        print_json([{"text": each.text, "room": each.room, "commands": each.commands} | each.result for each in shown])
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in ("utterance", "call", "command", "verified", "ms"):
        table.add_column(column, overflow="fold", justify="right" if column == "ms" else "left")
    for each in shown:
        table.add_row(*map(Text, _row(each)))
    # A pipe has no width of its own, and 80 columns would break every topic.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def _row(shown: Shown) -> tuple[str, str, str, str, str]:
    said = f"{shown.text}  [in the {shown.room}]" if shown.room else shown.text
    result = shown.result
    calls = "\n".join(f"{call['name']} {json.dumps(call['arguments'], ensure_ascii=False)}" for call in result["calls"])
    commands = "\n".join(f"{topic} {payload}" for topic, payload in shown.commands)
    statuses = ", ".join(dict.fromkeys(call["status"] for call in result["calls"]))
    answered = result["outcome"] if not shown.commands else statuses
    return said, calls or result["say"], commands, answered, f"{result['timing_ms'].get('understand', 0):.0f}"
