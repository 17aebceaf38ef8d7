"""Differences from Node that docs/sandbox.md lists, as the programs of tests/corpus/language meet them.

The first difference that fits a program has it. Counts are of the programs that differ, on dukpy and on quickjs-ng.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from domain.engine import EngineName

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:e[+-]\d+)?")
_REFUSED: Final = "throws SyntaxError"


class Answers(NamedTuple):
    """A program with the answers of Node and of an engine, which differ."""

    code: str
    node: str
    engine: str


class Difference(NamedTuple):
    """A reason, the programs that it explains, and how many of them differ on dukpy and on quickjs-ng."""

    reason: str
    explains: Callable[[Answers], bool]
    on_dukpy: int
    on_quickjs_ng: int

    def count(self, engine: EngineName) -> int:
        """Return the number of programs that differ on an engine."""
        return self.on_dukpy if engine is EngineName.DUKPY else self.on_quickjs_ng


def _code(pattern: str) -> Callable[[Answers], bool]:
    found = re.compile(pattern)
    return lambda answers: found.search(answers.code) is not None


_has_v: Final = _code(r'"[dgimsuy]*v[dgimsvy]*"|/[gi]*v\.')
_has_i_and_u: Final = _code(r'"(?=[dgmsuy]*i)(?=[dgimsy]*u)[dgimsuy]+"|/iu\.')
_has_binary_complement: Final = _code(r"\\P\{(?:[A-Z]{3,}|[A-Z][a-z]+_\w+|Uppercase|Lowercase|Alpha|Math|ASCII)")
_refers_to_itself: Final = _code(r"\\\\(\d)\)+\*\\\\\1")
_has_closed_group: Final = _code(r"\(.*\).*[*+}]")


def _is_refused(answers: Answers) -> bool:
    return answers.engine == _REFUSED


def _is_refused_by_node_alone(answers: Answers) -> bool:
    return answers.node == _REFUSED and not _is_refused(answers)


def _keeps_a_group(answers: Answers) -> bool:
    """Check that the engine has fewer undefined groups (null in JSON), or a reference to one inside itself."""
    unset = [len(re.findall("undefined|null", text)) for text in (answers.node, answers.engine)]
    return _has_closed_group(answers) and (unset[0] > unset[1] or _refers_to_itself(answers))


def _is_power_of_two(answers: Answers) -> bool:
    """Both texts are read as the same numbers."""
    node, engine = ([float(text) for text in _NUMBER.findall(one)] for one in (answers.node, answers.engine))
    return node == engine and _NUMBER.sub("", answers.node) == _NUMBER.sub("", answers.engine)


_STRINGS: Final = (
    Difference("a text of no characters that is repeated 2^31 times", _code(r"^return (''|\"\")\.repeat\("), 1, 1),
    Difference("an HTML method of a missing argument", _code(r"\.(anchor|link|fontcolor|fontsize)\("), 17, 17),
    Difference("search for an object with Symbol.match", _code(r"\.search\(\{"), 2, 2),
    Difference("parseInt with a base, beyond 2^53", _code(r"parseInt\(s, 36"), 1, 1),
    Difference("characters that are new in Unicode 17", _code("toLowerCase|toUpperCase|normalize"), 3, 0),
)

_REGEXPS: Final = (
    Difference("more than 254 groups", _code(r"'\(a\)'\.repeat\((255|300)\)"), 2, 2),
    Difference("the flag v on dukpy", _has_v, 318, 0),
    Difference("a property with an empty value", _code(r"\\p\{L=\}"), 1, 1),
    Difference("modifiers and names of two groups, newer than Node 20", _is_refused_by_node_alone, 0, 3),
    Difference(
        "under v, a hyphen or doubled punctuation outside of sets", lambda one: _has_v(one) and _is_refused(one), 0, 28
    ),
    Difference(
        "under i and v, the complement of a binary property",
        lambda one: _has_v(one) and _has_binary_complement(one),
        0,
        5,
    ),
    Difference("under v, sets of texts before a lookbehind's end", _code(r"\(\?<=.*\\q"), 0, 1),
    Difference("getters of a subclass, asked more or less often", _code(r"get (flags|unicode)\(\)"), 28, 20),
    Difference("line ends and slashes in the text of an expression", _code(r"source|RegExp.*toString\(\)$"), 24, 28),
    Difference("under i and u, properties and words", _has_i_and_u, 20, 0),
    Difference("characters that are new in Unicode 17", _code(r"^return ranges\("), 81, 0),
    Difference("the order of a match's members", _code(r"\{\.\.\."), 68, 0),
    Difference("an index between two surrogates", _code(r"\\ud[89ab]|\\u\{1f600\}"), 3, 1),
    Difference("a group of an earlier repetition", _keeps_a_group, 3, 0),
    Difference(
        "V8's text for an undefined group after an empty match",
        _code(r"replace\(.*[uv][dgimsuvy]*\"\), \(\.\.\.a\)"),
        0,
        1,
    ),
)

_TYPED_ARRAYS: Final = (
    Difference("resizing a buffer", _code(r"maxByteLength: 32.*(resize\(|structuredClone)"), 55, 55),
    Difference("the text of a power of two", _is_power_of_two, 1, 1),
    Difference("the member NaN", _code(r"i = NaN|a\[NaN\]"), 4, 4),
    Difference("the class of an error of with", _code(r"\.with\("), 4, 9),
    Difference("an empty array of the other content type", _code(r"\(\[\]\); return \[new|BigInt64Array\(0\)"), 12, 0),
    Difference("fill with an end but no start", _code(r"\.fill\(.*, ?undefined, ?.*\)"), 2, 2),
    Difference("sealing", _code(r"Object\.seal"), 1, 1),
    Difference("Reflect with a value that is no BigInt", _code(r"Reflect\.(set|defineProperty)\("), 1, 5),
)

DIFFERENCES: Final[dict[str, tuple[Difference, ...]]] = {
    "strings": _STRINGS,
    "regexps": _REGEXPS,
    "typed_arrays": _TYPED_ARRAYS,
    "json": (Difference("a third argument of revivers", _code(r"\.\.\.rest"), 0, 9),),
    "sorting": (),
    "dates": (),
}


class Members(NamedTuple):
    """Members of builtins by holder: those Node 20 lacks, those only it has, and those with other attributes."""

    newer: dict[str, set[str]]
    absent: dict[str, set[str]]
    otherwise: set[tuple[str, str]]


_NEWER: Final[dict[str, set[str]]] = {
    "Array": {"fromAsync"},
    "ArrayBuffer.prototype": {"detached"},
    "DataView.prototype": {"getFloat16", "setFloat16"},
    "Error": {"isError"},
    "Function.prototype": {"columnNumber", "fileName", "lineNumber"},
    "Map": {"groupBy"},
    "Map.prototype": {"getOrInsert", "getOrInsertComputed"},
    "Math": {"f16round", "sumPrecise"},
    "Object": {"groupBy"},
    "Promise": {"try", "withResolvers"},
    "RegExp": {"escape"},
    "Set.prototype": {
        *("difference", "intersection", "isDisjointFrom", "isSubsetOf", "isSupersetOf", "symmetricDifference", "union"),
    },
    "WeakMap.prototype": {"getOrInsert", "getOrInsertComputed"},
    "globalThis": {"Float16Array", "Iterator"},
}
_NEWER_ON_QUICKJS_NG: Final[dict[str, set[str]]] = {
    "ArrayBuffer.prototype": {"detached", "immutable", "sliceToImmutable"},
    "JSON": {"isRawJSON", "rawJSON"},
    "Uint8Array": {"fromBase64", "fromHex"},
    "Uint8Array.prototype": {"setFromBase64", "setFromHex", "toBase64", "toHex"},
}
_ABSENT: Final[dict[str, set[str]]] = {
    "ArrayBuffer.prototype": {"resize"},
    "BigInt.prototype": {"toLocaleString"},
    "globalThis": {"Atomics", "FinalizationRegistry", "SharedArrayBuffer", "WeakRef"},
}
_LENGTH: Final = ("String.prototype", "length")
_DISPOSAL: Final = ("asyncDispose", "dispose")

MEMBERS: Final = {
    EngineName.DUKPY: Members(_NEWER, _ABSENT | {"Symbol": set(_DISPOSAL)}, {_LENGTH}),
    EngineName.QUICKJS_NG: Members(
        _NEWER | _NEWER_ON_QUICKJS_NG, _ABSENT, {_LENGTH, *(("Symbol", name) for name in _DISPOSAL)}
    ),
}
"""Most of the newer ones are in later releases of Node. Sources that name `toLocaleString` find that of BigInt."""
