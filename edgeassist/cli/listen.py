"""Listen to the microphone or to a sound file, and show what is heard; with --act it is done as well."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeassist.cli._config import config_option

if TYPE_CHECKING:
    from edgeassist.voice.listener import Happening


@click.command(help=__doc__)
@click.option(
    "--wav",
    type=click.Path(path_type=Path, exists=True),
    help="A file in place of the microphone: 16 kHz, mono, 16 bit.",
)
@click.option("--push", is_flag=True, help="Without a wake word: the whole file is for us.")
@click.option("--act", is_flag=True, help="Hand what is heard to the running daemon.")
@config_option
def command(wav: Path | None, push: bool, act: bool, config_file: Path | None) -> None:
    from edgeassist.client import DaemonClient, followed_home
    from edgeassist.config import load_config
    from edgeassist.voice.audio import AudioSource, WavSource
    from edgeassist.voice.build import listening
    from edgeassist.voice.listener import Heard
    from edgeassist.voice.microphone import Microphone

    config = load_config(config_file)
    with followed_home(config) as followed:
        home = followed.registry.snapshot()
    audio: AudioSource = WavSource(wav) if wav else Microphone(config.voice.device)
    heard_any = False
    for happening in listening(config.voice, home, audio, push=push):
        _show(happening)
        if isinstance(happening, Heard):
            heard_any = True
            if act:
                with DaemonClient(config) as client:
                    client.daemon_is_online()
                    click.echo(client.ask(happening.text, room=config.room, source="voice")["say"])
    sys.exit(0 if heard_any else 1)


def _show(happening: Happening) -> None:
    from edgeassist.voice.listener import Heard, Rejected

    match happening:
        case Heard():
            timing = ", ".join(f"{name} {value:.0f} ms" for name, value in happening.timing_ms.items())
            click.echo(f"{happening.text}  ({happening.confidence:.2f}; {timing})")
        case Rejected():
            click.echo(f"- {happening.reason} {happening.text}".rstrip())
        case _:
            click.echo("* listening")
