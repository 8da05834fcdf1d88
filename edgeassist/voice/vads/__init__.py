"""Voice activity detectors: one file each with `create`, see :mod:`edgeassist.voice.engines`."""
