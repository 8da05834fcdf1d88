"""The benchmark: edgeassist against the stock ways to the same end, in one run, and the floor of the hardware."""
