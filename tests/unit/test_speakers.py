"""What is said aloud: the programs that speak, and the earcons."""

from __future__ import annotations

import array
from pathlib import Path

import pytest

from edgeassist.errors import AudioError
from edgeassist.voice import earcons
from edgeassist.voice.engines import RATE, EngineOptions, create


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the PATH but for the shell's own."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def install(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_espeak_is_given_the_text_and_the_voice(programs: Path) -> None:
    install(programs, "espeak-ng", f'echo "$@" > {programs}/arguments; cat > {programs}/text')
    create("speaker", "espeak", EngineOptions(voice="en-gb")).say("It's 21 °C; rm -rf")
    assert (programs / "text").read_text() == "It's 21 °C; rm -rf"
    assert (programs / "arguments").read_text().split() == ["-v", "en-gb", "--stdin"]


def test_espeak_that_fails_is_an_audio_error_with_its_words(programs: Path) -> None:
    install(programs, "espeak-ng", "cat > /dev/null; echo no such voice >&2; exit 1")
    with pytest.raises(AudioError, match="no such voice"):
        create("speaker", "espeak", EngineOptions()).say("hello")


def test_piper_speaks_through_aplay(programs: Path) -> None:
    install(programs, "piper", f'echo "$@" > {programs}/arguments; tr a-z A-Z')
    install(programs, "aplay", f"cat > {programs}/played")
    voice = programs / "amy.onnx"
    voice.touch()
    create("speaker", "piper", EngineOptions(model=voice)).say("done")
    assert (programs / "played").read_text() == "DONE"
    assert str(voice) in (programs / "arguments").read_text()


def test_piper_without_a_voice_says_what_is_missing(programs: Path) -> None:
    install(programs, "piper", "")
    install(programs, "aplay", "")
    with pytest.raises(AudioError, match="speaker_model"):
        create("speaker", "piper", EngineOptions(model=programs / "none.onnx"))


@pytest.mark.parametrize("earcon", ["listening", "done", "sorry"])
def test_earcon_is_short_soft_ended_and_played(earcon: earcons.Earcon, programs: Path) -> None:
    install(programs, "aplay", f"cat > {programs}/played")
    earcons.play(earcon)
    sound = array.array("h", (programs / "played").read_bytes())
    assert 0.05 < len(sound) / RATE < 0.3
    assert abs(sound[0]) < 50
    assert abs(sound[-1]) < 500
    assert 2000 < max(map(abs, sound)) < 20_000
