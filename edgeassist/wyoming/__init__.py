"""Wyoming, the protocol between Home Assistant and its voice services: a server, without any package."""
