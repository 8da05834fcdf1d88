"""From the configuration to one connection."""

from __future__ import annotations

import uuid

from edgeassist.config import Config
from edgeassist.worker import SOURCES

from .topics import Topics
from .values import MqttSettings

#: Intents on the way besides those that wait for the model: being verified, or about to be refused.
_UNDER_WAY = 32


def mqtt_settings(config: Config, topics: Topics | None = None) -> MqttSettings:
    """How to reach the broker: as the node itself, or without topics as a client that announces nothing."""
    mqtt = config.mqtt
    return MqttSettings(
        client_id=(mqtt.client_id or f"edgeassist-{config.node}") if topics else f"edgeassist-{uuid.uuid4().hex[:12]}",
        status_topic=topics.status if topics else None,
        host=mqtt.host,
        port=mqtt.port,
        username=mqtt.username,
        password=mqtt.password.get_secret_value() if mqtt.password else None,
        tls_ca=mqtt.tls_ca,
        tls_cert=mqtt.tls_cert,
        tls_key=mqtt.tls_key,
        tls=mqtt.tls,
        keepalive_s=mqtt.keepalive,
        session_expiry_s=mqtt.session_expiry_s if topics else 0,
        receive_maximum=SOURCES * config.intent.queue + _UNDER_WAY,
    )
