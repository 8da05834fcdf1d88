"""The bus: our topics, intents in, results out, and the one MQTT connection that carries them."""
