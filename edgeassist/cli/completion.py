"""Print the completion script of a shell: eval "$(edgeassist completion bash)"."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(help=__doc__)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(context.find_root().command, {}, "edgeassist", "_EDGEASSIST_COMPLETE").source())
