"""Batches: many datasets of one request, their progress and their results."""
