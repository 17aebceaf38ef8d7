"""Use cases of the tests of scripts."""
