"""Check the configuration, the home file and the profile, and start nothing."""

from __future__ import annotations

import os
from pathlib import Path

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json, print_table


@click.command(help=__doc__)
@config_option
@json_option
def command(config_file: Path | None, as_json: bool) -> None:
    from edgeassist.choosing import choose_profile
    from edgeassist.config import config_path, load_config
    from edgeassist.functions import all_functions
    from edgeassist.home.naming import troubles
    from edgeassist.home.registry import HomeRegistry
    from edgeassist.home.toml import load_home
    from edgeassist.policy import check_rules

    config = load_config(config_file)
    profile = choose_profile(config)
    home = load_home(config.home.file) if config.home.file else None
    functions = all_functions(config.home.functions_dir)
    check_rules(config.policy, functions)
    document = config.model_dump(mode="json")
    if config.policy.pin_hash is not None:
        # Four digits are tried out in minutes by whoever reads their hash in a bug report.
        document["policy"]["pin_hash"] = "***"
    # Of what is declared only: `edgeassist doctor` looks at the bus as well.
    twofold = troubles(HomeRegistry((), home).snapshot()) if home else []
    if as_json:
        about = {"file": str(config_path(config_file, os.environ) or ""), "profile": profile.profile.name}
        print_json(about | document | {"names_that_mean_two_things": twofold})
        return
    rows = [
        ("file", config_path(config_file, os.environ) or "none: built-in defaults"),
        ("node", config.node),
        ("broker", f"{config.mqtt.host}:{config.mqtt.port}"),
        ("profile", f"{profile.profile.name}: {'; '.join(profile.reasons)}"),
        ("functions", f"{len(functions)}"),
        ("home file", f"{config.home.file}: {len(home.device)} devices, {len(home.area)} areas" if home else "none"),
    ]
    print_table(("checked", "value"), [*rows, *(("name", trouble) for trouble in twofold)])
