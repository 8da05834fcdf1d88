"""edgeassist: an offline assistant that turns utterances into checked commands on the home's own MQTT topics."""

__version__ = "0.1.0"
