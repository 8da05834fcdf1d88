"""Speech to text: one file each with `create`, see :mod:`edgeassist.voice.engines`."""
