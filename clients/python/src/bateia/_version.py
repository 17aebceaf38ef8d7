"""The version of this distribution, which sends it as its name."""

__version__ = "0.1.0"
