"""The language of a command's texts, by the locale."""

from collections.abc import Mapping


def is_portuguese(env: Mapping[str, str]) -> bool:
    """Tell whether the environment's locale is Portuguese; every other gets English."""
    set_first = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return set_first.lower().startswith("pt")
