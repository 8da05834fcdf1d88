"""Verbs that a command begins with, and what may stand in front of them."""

#: As a choice for a pattern.
IMPERATIVES = (
    "turn|switch|put|set|make|dim|brighten|open|close|shut|lock|unlock|raise|lower|pull|draw|roll|stop|start|pause|play"
    "|resume|skip|mute|unmute|kill|cut|power|run|dock|send|activate|pop|stick|chuck|bung|whack|flick|knock|crank|bump"
    "|vacuum|hoover|clean|mow|bring|change|get|give|do|heat|warm|cool|increase|decrease|reduce"
)
COURTESY = r"(?:(?:please|just|also|oh|um|uh|quickly|maybe|(?:can|could|would|will) you|if you (?:could|can|would)) )*"
