"""The ways in besides plain MQTT, each opt-in: the microphone, Hermes, Wyoming. A missing one degrades the daemon."""

from __future__ import annotations

import json
import logging

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.topics import Topics
from edgeassist.bus.values import Incoming
from edgeassist.config import Config
from edgeassist.errors import AudioError, BusError
from edgeassist.hermes import Hermes
from edgeassist.home import Home
from edgeassist.neighbours import Ear
from edgeassist.voice.audio import AudioSource
from edgeassist.voice.build import build
from edgeassist.voice.engines import EngineOptions, create
from edgeassist.voice.listener import Heard
from edgeassist.voice.source import VoiceSource
from edgeassist.wyoming.announce import Announcement
from edgeassist.wyoming.hearing import Recognition
from edgeassist.wyoming.server import WyomingServer

_log = logging.getLogger(__name__)
_OFF = frozenset({b"stop", b"off", b"0", b"false"})


class Company:
    """Built from the configuration; ``audio`` takes the place of the microphone. Raises ConfigError."""

    def __init__(
        self, config: Config, ear: Ear, bus: MqttBus, topics: Topics, audio: AudioSource | None = None
    ) -> None:
        self._bus = bus
        self._topics = topics
        self.troubles: list[str] = []
        self._hermes = Hermes(config.hermes, ear, bus.publish) if config.hermes.enabled else None
        self.voice = self._voice(config, ear, audio) if config.voice.enabled or audio else None
        self._recognition: Recognition | None = None
        self._wyoming = self._wyoming_server(config, ear) if config.wyoming.enabled else None
        self._announced: Announcement | None = None
        self._announce = (topics.node, config.wyoming.zeroconf)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (
            *(self._hermes.subscriptions if self._hermes else ()),
            *((self._topics.listen,) if self.voice else ()),
        )

    def start(self) -> None:
        """Returns at once; what cannot start is among the troubles."""
        if self.voice is not None:
            self.voice.start()
        if self._wyoming is not None:
            try:
                self._wyoming.start()
                node, wanted = self._announce
                if wanted:
                    self._announced = Announcement(node, self._wyoming.port)
                    self._announced.start()
            except BusError as error:
                self._trouble(str(error))

    def stop(self) -> None:
        if self.voice is not None:
            self.voice.stop()
        if self._announced is not None:
            self._announced.stop()
        if self._wyoming is not None:
            self._wyoming.stop()

    def deliver(self, incoming: Incoming) -> bool:
        """Take a message in; False where it is for none of these.

        It is acknowledged at once: what a neighbour said before a restart is not worth an action after it.
        """
        if incoming.topic == self._topics.listen and self.voice is not None:
            if not incoming.retain:
                self.voice.push(on=incoming.payload.strip().lower() not in _OFF)
        elif self._hermes is None or not self._hermes.deliver(incoming):
            return False
        self._bus.ack(incoming)
        return True

    def home_changed(self, home: Home) -> None:
        if self.voice is not None:
            self.voice.home_changed(home)
        if self._recognition is not None:
            self._recognition.know(home)

    def degraded(self) -> list[str]:
        """Reasons for health, for a person."""
        found = list(self.troubles)
        if self.voice is not None and self.voice.trouble:
            found.append(f"voice: {self.voice.trouble}")
        return found

    def _voice(self, config: Config, ear: Ear, audio: AudioSource | None) -> VoiceSource | None:
        def transcript(heard: Heard) -> None:
            if config.voice.transcript:
                document = {"text": heard.text, "confidence": round(heard.confidence, 3), "room": config.room}
                self._bus.publish(self._topics.transcript, json.dumps(document, ensure_ascii=False).encode())

        try:
            return build(config.voice, ear, audio, room=config.room, transcript=transcript)
        except AudioError as error:
            self._trouble(str(error))
            return None

    def _wyoming_server(self, config: Config, ear: Ear) -> WyomingServer:
        if config.wyoming.asr:
            options = EngineOptions(config.voice.recogniser_model)
            try:
                self._recognition = Recognition(create("recogniser", config.voice.recogniser, options))
            except AudioError as error:
                self._trouble(str(error))
        return WyomingServer(config.wyoming, ear, self._recognition)

    def _trouble(self, text: str) -> None:
        _log.error("%s", text)
        self.troubles.append(text)
