"""Run the daemon."""

from __future__ import annotations

from pathlib import Path

import click

from edgeassist.cli._config import config_option


@click.command(help=__doc__)
@config_option
@click.option("-v", "--verbose", is_flag=True, help="Log debug messages too; these may hold what was said.")
def command(config_file: Path | None, verbose: bool) -> None:
    from edgeassist.config import load_config
    from edgeassist.daemon import Daemon
    from edgeassist.logs import set_up

    set_up(verbose=verbose)
    Daemon(load_config(config_file), reread=lambda: load_config(config_file)).run()
