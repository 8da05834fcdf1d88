"""The model at work: llama.cpp's low-level interface, the constrained decode loop, the prefix that is read once."""
