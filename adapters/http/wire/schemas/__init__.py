"""Shapes of the documents that clients send and receive."""
