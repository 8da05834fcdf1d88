"""Utterances made on the spot: espeak-ng and flite speak, sox sets rate, level and noise."""

from __future__ import annotations

import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from edgeassist.voice.audio import WavSource

#: flite's voices are made from recordings of people; espeak-ng's are synthetic through and through. All of them speak
#: American, as the model that comes with PocketSphinx does.
FLITE = ("slt", "rms", "awb")
ESPEAK = ("en-us", "en-us+m1", "en-us+f3")


def need(*programs: str) -> None:
    """Skip where a program is missing, and say which Debian package has it."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}; apt-get install {' '.join(missing)}")


def need_package(name: str) -> None:
    pytest.importorskip(name, reason=f"needs the package {name}; pip install 'edgeassist[voice]'")


def speak(text: str, voice: str, path: Path, *, speed: int = 150, noise: float = 0.0) -> Path:
    """A WAV of 16 kHz, mono, 16 bit, with silence around it; ``noise`` is the level of pink noise, 0 to 1."""
    if voice in FLITE:
        raw = path.with_suffix(".raw.wav")
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(raw)], check=True, capture_output=True)
    else:
        raw = path.with_suffix(".raw.wav")
        subprocess.run(
            ["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(raw), text], check=True, capture_output=True
        )
    sox(str(raw), "-r", "16000", "-c", "1", "-b", "16", str(path), "gain", "-n", "-3", "pad", "0.3", "0.9")
    raw.unlink()
    if noise:
        with wave.open(str(path)) as made:
            seconds = made.getnframes() / made.getframerate()
        hum, mixed = path.with_suffix(".noise.wav"), path.with_suffix(".mixed.wav")
        sox(
            "-n",
            "-r",
            "16000",
            "-c",
            "1",
            "-b",
            "16",
            str(hum),
            "synth",
            f"{seconds:.2f}",
            "pinknoise",
            "vol",
            str(noise),
        )
        sox("-m", str(path), str(hum), str(mixed))
        mixed.replace(path)
        hum.unlink()
    return path


def frames(path: Path) -> list[bytes]:
    source = WavSource(path)
    source.open()
    found = []
    while (chunk := source.read()) is not None:
        found.append(chunk.frame)
    return found


def sox(*arguments: str) -> None:
    subprocess.run(["sox", *arguments], check=True, capture_output=True)
