"""The composition roots: settings, wiring, and the processes."""
