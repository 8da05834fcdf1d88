"""List the nodes on the broker from what they retain there: version, model, profile, queue, lag, troubles."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json, print_table

_COLUMNS = ("node", "status", "version", "model", "profile", "queue", "p50_ms", "lag_s", "reconnects", "degraded")


@click.command(help=__doc__)
@click.option("--node", "only", help="This node only; fails where it is unknown or offline.")
@config_option
@json_option
def command(only: str | None, config_file: Path | None, as_json: bool) -> None:
    from edgeassist.config import load_config
    from edgeassist.fleet import listen

    nodes = [node for node in listen(load_config(config_file)) if only in {None, node.name}]
    rows = [node.facts(time.time()) for node in nodes]
    if as_json:
        print_json(rows)
    else:
        print_table(_COLUMNS, [[_cell(row[column]) for column in _COLUMNS] for row in rows])
    sys.exit(bool(only) and not any(node.status == "online" for node in nodes))


def _cell(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list) else value
