"""From the microphone to an utterance. Everything after that is what a text by MQTT goes through as well."""
