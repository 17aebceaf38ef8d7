"""Replays of past executions on a version: their start, their progress and their outcome."""
