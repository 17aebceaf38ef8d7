"""Engines, by the names that versions and executions have."""

import pytest

from domain.engine import EngineName, has_exact_positions


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("dukpy", False),
        ("dukpy 0.6.0 (QuickJS-NG 0.11.0)", False),
        ("quickjs-ng", True),
        ("quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0)", True),
        ("quickjs", False),
        ("an older label", False),
        ("", False),
    ],
)
def test_an_engine_that_is_not_known_to_be_exact_is_not(engine: str, expected: bool) -> None:
    assert has_exact_positions(engine) is expected


def test_every_engine_is_judged() -> None:
    assert [name for name in EngineName if has_exact_positions(name)] == [EngineName.QUICKJS_NG]
