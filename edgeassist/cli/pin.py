"""Make the hash of a PIN, for pin_hash in the [policy] of the configuration."""

from __future__ import annotations

import click

_LEAST = 4


@click.command(help=__doc__)
def command() -> None:
    from edgeassist.confirmations import hash_pin

    # Never an argument: those stand in the shell's history and in the list of processes.
    pin: str = click.prompt("PIN", hide_input=True, confirmation_prompt="Again", err=True)
    if len(pin) < _LEAST:
        raise click.UsageError(f"a PIN of {len(pin)} characters is guessed at once; take at least {_LEAST}")
    click.echo(f'pin_hash = "{hash_pin(pin)}"')
