"""edgeassist: an offline assistant that turns utterances into checked commands on the home's own MQTT topics."""

from .pluginless import without_plugins

__version__ = "0.1.0"

without_plugins()
