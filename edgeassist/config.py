"""The daemon's configuration: one TOML file, the environment over it, secrets from files."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from edgeassist.engine.options import KVType

from .bus.topics import check_node, default_node
from .errors import ConfigError
from .models.store import default_folder
from .policy import PolicyOptions
from .profiles import local_folder
from .tomlfile import Key, key_lines, line_of, read_toml, validate

SYSTEM_FILE = Path("/etc/edgeassist/config.toml")
_PREFIX = "EDGEASSIST_"
_CREDENTIAL = "mqtt-password"
_MAX_SECRET_BYTES = 4096


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MqttConfig(_Section):
    """The broker. Durations in seconds; ``port`` defaults to 8883 with TLS, to 1883 without."""

    host: str = Field(default="localhost", min_length=1)
    port: int = Field(default=1883, ge=1, le=65535)
    username: str | None = Field(default=None, min_length=1)
    password: SecretStr | None = None
    password_file: Path | None = None
    client_id: str | None = Field(default=None, min_length=1, max_length=128)
    tls: bool = False
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    keepalive: int = Field(default=30, ge=5, le=3600)
    session_expiry_s: int = Field(default=30, ge=0, le=86_400)

    @model_validator(mode="before")
    @classmethod
    def _default_port(cls, data: Any) -> Any:
        if isinstance(data, dict) and "port" not in data and any(data.get(k) for k in ("tls", "tls_ca", "tls_cert")):
            return {**data, "port": 8883}
        return data

    @model_validator(mode="after")
    def _pairs(self) -> MqttConfig:
        if (self.tls_key is not None) and self.tls_cert is None:
            raise ValueError("tls_key is given without tls_cert")
        if (self.password is not None or self.password_file is not None) and self.username is None:
            raise ValueError("a password is given without a username")
        if self.password is not None and self.password_file is not None:
            raise ValueError("password and password_file are both given: keep one")
        return self


class ModelConfig(_Section):
    """Which model, and what to run it with where the profile's choice is not wanted.

    ``template`` names the chat template of a file that the catalogue does not know.
    """

    name: str | None = None
    path: Path | None = None
    template: str | None = None
    threads: int | None = Field(default=None, ge=1, le=128)
    threads_batch: int | None = Field(default=None, ge=1, le=128)
    # Below, two of the smallest prefixes and an utterance do not fit.
    context: int | None = Field(default=None, ge=576, le=32_768)
    batch: int | None = Field(default=None, ge=16, le=4096)
    prefix_tokens: int | None = Field(default=None, ge=128, le=16_384)
    mmap: bool | None = None
    mlock: bool | None = None
    kv_type: KVType | None = None
    repack: bool | None = None
    draft: bool | None = None

    @model_validator(mode="after")
    def _one_source(self) -> ModelConfig:
        if self.name is not None and self.path is not None:
            raise ValueError("name and path are both given: keep one")
        return self


class ProfileConfig(_Section):
    """The hardware profile; without a name it is found out."""

    name: str | None = Field(default=None, min_length=1)


class IntentConfig(_Section):
    """What is taken in, and for how long it is worth an answer.

    ``queue`` is for each source; ``follow_up_s`` is for how long "turn it off again" knows what "it" is, 0 for never.
    """

    deadline_ms: int = Field(default=10_000, ge=100, le=600_000)
    queue: int = Field(default=16, ge=1, le=1000)
    max_bytes: int = Field(default=4096, ge=64, le=4096)
    follow_up_s: float = Field(default=20, ge=0, le=600)


class HomeConfig(_Section):
    """Where the home is described."""

    file: Path | None = None
    functions_dir: Path | None = None
    discovery_prefix: str = "homeassistant"
    zigbee2mqtt_base: str = "zigbee2mqtt"
    tasmota_prefix: str = "tasmota/discovery"

    @property
    def roots(self) -> dict[str, str]:
        """Where each convention is spoken, by its name."""
        return {
            "homeassistant": self.discovery_prefix,
            "zigbee2mqtt": self.zigbee2mqtt_base,
            "tasmota": self.tasmota_prefix,
        }

    @field_validator("discovery_prefix", "zigbee2mqtt_base", "tasmota_prefix")
    @classmethod
    def _topic(cls, value: str) -> str:
        if any(c in value for c in "+#\0") or value != value.strip("/"):
            raise ValueError("must be a topic without '+' and '#' and without '/' at its ends")
        return value


class VoiceConfig(_Section):
    """The microphone. Engines are named after their files in `edgeassist/voice/`; durations as their keys say.

    ``wake`` = "none" listens only when it is told to on ``<base>/listen``. ``recogniser_model`` and ``speaker_model``
    are the folder or file of an engine that ships none. ``transcript`` publishes what was heard.
    """

    enabled: bool = False
    device: str | int | None = None
    recogniser: str = "vosk"
    recogniser_model: Path | None = None
    vad: str = "webrtc"
    wake: str = "micro"
    wake_phrase: str = Field(default="okay nabu", min_length=1, max_length=40)
    speaker: str = "none"
    speaker_voice: str = "en"
    speaker_model: Path | None = None
    earcons: bool = True
    transcript: bool = False
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    start_ms: int = Field(default=4000, ge=500, le=30_000)
    silence_ms: int = Field(default=700, ge=200, le=5000)
    max_ms: int = Field(default=10_000, ge=1000, le=30_000)


class HermesConfig(_Section):
    """Rhasspy's protocol on the same broker. ``rooms`` maps a siteId to an area.

    ``intent_prefix`` keeps others that act on ``hermes/intent/#`` from doing everything twice; ``asr`` = false leaves
    ``hermes/asr/textCaptured`` alone. Without ``act`` intents are only announced, and somebody else carries them out.
    """

    enabled: bool = False
    act: bool = True
    asr: bool = True
    say: bool = True
    intent_prefix: str = Field(default="", max_length=40, pattern=r"^[^/+#]*$")
    rooms: dict[str, str] = Field(default_factory=dict)


class WyomingConfig(_Section):
    """A server for Home Assistant's Wyoming integration.

    ``role`` = "intent" lets Home Assistant act instead of us; ``intent_risky`` hands it also what would have asked
    first here. ``rooms`` maps a satellite's or device's id to an area, ``asr`` serves the recogniser of ``[voice]``.

    There is no password in this protocol: whoever reaches the port may speak to the house.
    """

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=10_700, ge=0, le=65_535)
    role: Literal["handle", "intent"] = "handle"
    intent_risky: bool = False
    asr: bool = False
    zeroconf: bool = False
    rooms: dict[str, str] = Field(default_factory=dict)


class AnnounceConfig(_Section):
    """Whether Home Assistant is told of this node; ``utterances`` shows there what was last said."""

    enabled: bool = True
    utterances: bool = False


class MetricsConfig(_Section):
    """Prometheus' endpoint; without a port there is none."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)


class PathsConfig(_Section):
    """Where the daemon keeps things; `load_config` fills in the places of this machine."""

    state: Path = Path()
    cache: Path = Path()
    models: Path = Path()
    #: This machine's own profiles, which `tune` writes.
    profiles: Path = Field(default_factory=local_folder)


class Config(_Section):
    """Everything. Every key has a default, so an empty file and no file mean the same.

    ``room`` is where this node stands: the area of what is said without one.
    """

    node: str = Field(default_factory=default_node)
    room: str | None = Field(default=None, min_length=1, max_length=120)
    mqtt: MqttConfig = MqttConfig()
    model: ModelConfig = ModelConfig()
    profile: ProfileConfig = ProfileConfig()
    intent: IntentConfig = IntentConfig()
    home: HomeConfig = HomeConfig()
    policy: PolicyOptions = PolicyOptions()
    voice: VoiceConfig = VoiceConfig()
    hermes: HermesConfig = HermesConfig()
    wyoming: WyomingConfig = WyomingConfig()
    announce: AnnounceConfig = AnnounceConfig()
    metrics: MetricsConfig = MetricsConfig()
    paths: PathsConfig = PathsConfig()

    @field_validator("node")
    @classmethod
    def _node(cls, value: str) -> str:
        try:
            return check_node(value)
        except ConfigError as error:
            raise ValueError(str(error).split(": ", 1)[1]) from None


def load_config(explicit: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration in force: ``explicit``, else the system's file, else the user's, else the defaults.

    ``EDGEASSIST_<KEY>`` and ``EDGEASSIST_<SECTION>__<KEY>`` win over the file. The broker's password comes from
    ``password_file``, else from systemd's ``$CREDENTIALS_DIRECTORY/mqtt-password``. Raises ConfigError.
    """
    path = config_path(explicit, environ)
    data, text = ({}, "") if path is None else read_toml(path)
    from_environ = _apply_environ(data, environ)
    _fill_paths(data, environ)
    lines = key_lines(text)

    def locate(key: Key) -> str:
        return from_environ.get(key) or (f"{path}:{line_of(lines, key)}" if path else "built-in defaults")

    config = validate(Config, data, locate)
    return _with_password(config, environ, locate)


def config_path(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The file that `load_config` reads; None when there is none and the defaults apply."""
    if explicit is not None:
        return explicit
    user = Path(environ.get("XDG_CONFIG_HOME") or _home(environ) / ".config") / "edgeassist" / "config.toml"
    return next((path for path in (SYSTEM_FILE, user) if path.is_file()), None)


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()


def _apply_environ(data: dict[str, Any], environ: Mapping[str, str]) -> dict[Key, str]:
    """Write the variables over the file's data; returns where each key came from."""
    origin: dict[Key, str] = {}
    for name, text in sorted(environ.items()):
        if not name.startswith(_PREFIX):
            continue
        key = tuple(name.removeprefix(_PREFIX).lower().split("__"))
        if len(key) == 1 and key[0] not in {"node", "room"}:
            # EDGEASSIST_CRASH_AT and the like are not configuration.
            continue
        table = data
        for part in key[:-1]:
            inner = table.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            table = inner
        else:
            table[key[-1]] = _environ_value(text)
            origin[key] = f"environment {name}"
    return origin


def _environ_value(text: str) -> Any:
    """Text as it is, which pydantic turns into numbers and flags; a list as TOML writes it."""
    if not text.lstrip().startswith("["):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _fill_paths(data: dict[str, Any], environ: Mapping[str, str]) -> None:
    paths = data.setdefault("paths", {})
    if not isinstance(paths, dict):
        return
    home = _home(environ)
    state = environ.get("XDG_STATE_HOME") or home / ".local" / "state"
    cache = environ.get("XDG_CACHE_HOME") or home / ".cache"
    # systemd gives a list of directories, ours is the first.
    given_state = environ.get("STATE_DIRECTORY", "").split(":")[0]
    given_cache = environ.get("CACHE_DIRECTORY", "").split(":")[0]
    paths.setdefault("state", given_state or Path(state) / "edgeassist")
    paths.setdefault("cache", given_cache or Path(cache) / "edgeassist")
    paths.setdefault("models", default_folder(environ))
    paths.setdefault("profiles", local_folder(environ))


def _with_password(config: Config, environ: Mapping[str, str], locate: Any) -> Config:
    mqtt = config.mqtt
    if mqtt.password is not None or mqtt.username is None:
        return config
    path, where = mqtt.password_file, locate(("mqtt", "password_file"))
    if path is None:
        directory = environ.get("CREDENTIALS_DIRECTORY")
        path = Path(directory) / _CREDENTIAL if directory else None
        if path is None or not path.is_file():
            return config
        where = "CREDENTIALS_DIRECTORY"
    try:
        password = path.read_bytes()[:_MAX_SECRET_BYTES].decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ConfigError(
            f"{where}: mqtt.password_file = {str(path)!r}: {reason}. The daemon's user must be able to read it."
        ) from None
    if not password:
        raise ConfigError(f"{where}: mqtt.password_file = {str(path)!r}: is empty. Write the password into it.")
    secret = mqtt.model_copy(update={"password": SecretStr(password)})
    return config.model_copy(update={"mqtt": secret})
