"""The command line. Each module in here whose name has no leading underscore is one command.

Such a module has a docstring, whose first line is the command's help in the list, and a click command or group called
``command``. Nothing else is registered anywhere. A module is imported when its command is used, so ``--help`` is quick
whatever the others import.
"""

from __future__ import annotations

import ast
import importlib
import logging
import pkgutil
from difflib import get_close_matches
from pathlib import Path

import click

from edgeassist import __version__
from edgeassist.errors import ConfigError, EdgeAssistError

#: EX_CONFIG of sysexits.h; the service is not restarted after it.
EXIT_CONFIG = 78


class _Commands(click.Group):
    """The modules of this package as commands, and the project's errors as exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        modules = pkgutil.iter_modules(__path__)
        return sorted(module.name.replace("_", "-") for module in modules if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command), f"{module.__name__}.command is no click command"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first_line(name)) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        # A command's output is its own; the daemon sets up a log that is read.
        logging.getLogger("edgeassist").addHandler(logging.NullHandler())
        try:
            return super().invoke(ctx)
        except EdgeAssistError as error:
            click.echo(f"edgeassist: {error}", err=True)
            ctx.exit(EXIT_CONFIG if isinstance(error, ConfigError) else 1)


def _first_line(name: str) -> str:
    """The help of a command that is not imported."""
    source = Path(__file__).with_name(f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="edgeassist")
def main() -> None:
    """Turn what people say at home into checked commands on MQTT, offline."""
