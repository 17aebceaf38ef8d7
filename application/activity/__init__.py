"""Use cases of the activity of scripts."""
