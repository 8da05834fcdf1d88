"""Settings by measurement: which of them are fastest on the board at hand, kept as this machine's own profile."""
