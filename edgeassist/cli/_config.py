"""The option that every command with a configuration has."""

from __future__ import annotations

from pathlib import Path

import click

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="The configuration file. Default: /etc/edgeassist/config.toml, else ~/.config/edgeassist/config.toml.",
)
