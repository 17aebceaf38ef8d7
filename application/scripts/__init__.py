"""Use cases of scripts and their versions."""
