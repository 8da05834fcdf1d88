"""Training data: random homes, and what people say in them with the compact line that it means.

The phrases in ``phrases/intents.txt`` and ``phrases/intents_questions.txt`` are adapted from the English sentence
templates of the package home-assistant-intents, by the Home Assistant community, under CC BY 4.0.
"""
