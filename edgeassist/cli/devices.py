"""List the devices of the home, with what they can do and how they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json, print_table, warn

if TYPE_CHECKING:
    from edgeassist.home import Device
    from edgeassist.messages import Value


@click.command(help=__doc__)
@config_option
@json_option
def command(config_file: Path | None, as_json: bool) -> None:
    from edgeassist.client import known_home
    from edgeassist.config import load_config

    with known_home(load_config(config_file)) as home:
        if home.trouble:
            warn(f"{home.trouble}; these are the devices of home.toml alone")
        devices = home.registry.snapshot().devices
        states = {
            device.id: dict(home.registry.state(device.id)) if home.registry.available(device.id) else None
            for device in devices
        }
    if as_json:
        print_json([_document(device, states[device.id]) for device in devices])
        return
    columns = ("name", "kind", "area", "capabilities", "state", "id")
    print_table(
        columns,
        [(d.name, d.kind, d.area, ", ".join(sorted(d.capabilities)), _spelled(states[d.id]), d.id) for d in devices],
    )


def _document(device: Device, state: dict[str, Value] | None) -> dict[str, object]:
    return {
        "id": device.id,
        "name": device.name,
        "kind": device.kind,
        "class": device.device_class,
        "area": device.area,
        "aliases": list(device.aliases),
        "capabilities": sorted(device.capabilities),
        "available": state is not None,
        "state": state,
    }


def _spelled(state: dict[str, Value] | None) -> str:
    return "offline" if state is None else ", ".join(f"{name} {value}" for name, value in state.items())
