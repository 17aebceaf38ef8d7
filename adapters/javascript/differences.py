"""The warnings of a run: features used that behave differently from Node, numbers that JSON cannot express. Pure.

The features come from the child, so they are a script's claim about its own run: one of a closed set, each once.
"""

from collections.abc import Iterable
from typing import Final

from adapters.javascript.child_output import NonFinite
from adapters.javascript.source_lint import is_read_differently
from domain.warnings import (
    ExecutionWarning,
    NumberWarning,
    NumberWarningKind,
    RunWarningKind,
    SourceWarning,
    number_warning,
    run_warning,
)

_REGEXP, _INTL, _LOCALE = (
    RunWarningKind.UNSUPPORTED_REGEXP,
    RunWarningKind.INTL_DIFFERENCES,
    RunWarningKind.UNSUPPORTED_LOCALE,
)
_DETAILS: Final = {
    "last-match": (
        _REGEXP,
        (
            "the script read `RegExp.$1`, `RegExp.lastMatch` or the like, which is undefined here: use what `exec` or "
            "`match` returns"
        ),
    ),
    "locale": (
        _LOCALE,
        (
            "the script asked for a locale that is not available, so another one was used; docs/sandbox.md lists the "
            "locales of English, Portuguese, Spanish and Swedish that are available"
        ),
    ),
    "culture": (
        _LOCALE,
        (
            "the script asked for a calendar, digits or a collation that are not available: the results have the "
            "Gregorian calendar, the digits 0 to 9 and the usual order"
        ),
    ),
    "order": (
        _INTL,
        (
            "the script compared texts whose order is not known here, such as Greek, Cyrillic or Chinese letters: they "
            "are ordered by code point, after Latin letters"
        ),
    ),
    "date-range": (
        _INTL,
        (
            "the script formatted a range of dates with a time, an era or a time zone, which differs from Node "
            "one time in ten: format both ends instead"
        ),
    ),
    "number-range": (
        _INTL,
        (
            "the script formatted a range of numbers that are negative or have a unit, a percent sign or a currency's "
            "name, which can differ from Node: format both ends instead"
        ),
    ),
    "compact": (_INTL, "the script formatted a compact number beyond 10^16, whose digits are not grouped here"),
    "narrow-percent": (
        _INTL,
        "the script formatted the narrow unit percent in Spanish, whose space can differ from Node",
    ),
    "fraction": (
        _INTL,
        "the script formatted fractions of a second without the second, which can differ from Node: name both",
    ),
    "zone-name": (
        _INTL,
        "the script asked for a generic name of a time zone (`shortGeneric`, `longGeneric`): it got the specific one",
    ),
    "morocco": (
        _INTL,
        "the script asked for a time in Morocco or Western Sahara after 2055, whose rules are not known",
    ),
    "resolved": (
        _INTL,
        "the script read `resolvedOptions` of a rare combination of options, which can differ from Node",
    ),
    "und": (_INTL, "the script asked for an `Intl.Locale` of the language `und`, whose members can differ from Node"),
}
"""By the name in `wire.DIFFERENCES`."""


def warnings_of_run(
    non_finite: NonFinite | None, differences: Iterable[str], source_warnings: Iterable[SourceWarning]
) -> tuple[ExecutionWarning, ...]:
    """List the warnings of a run, those about its result first.

    The engine does not report which regular expressions it matches, so those that it reads differently from Node are in
    the warnings of each run of a version whose source has one.
    """
    about_result = () if non_finite is None else (_about_result(non_finite),)
    used = (run_warning(*_DETAILS[name]) for name in differences)
    unseen = dict.fromkeys(one.detail for one in source_warnings if is_read_differently(one))
    return (*about_result, *used, *(run_warning(_REGEXP, detail) for detail in unseen))


def _about_result(non_finite: NonFinite) -> NumberWarning:
    total, first = non_finite.total, non_finite.first_pointer
    said = (
        "1 number was NaN or infinite and became null"
        if total == 1
        else f"{total} numbers were NaN or infinite and became null"
    )
    return number_warning(NumberWarningKind.NON_FINITE_NUMBER, said, first)
