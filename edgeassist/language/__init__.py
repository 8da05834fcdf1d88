"""From words to calls and back: what can be named, the grammar, the prompt, and what a decoded line means."""
