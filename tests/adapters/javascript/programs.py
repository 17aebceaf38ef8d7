"""Random small programs in JavaScript, for laws about what running them gives."""

from typing import Any, Final

from hypothesis import strategies as st

datasets: Final[st.SearchStrategy[Any]] = st.fixed_dictionaries(
    {
        "rows": st.lists(
            st.fixed_dictionaries({"name": st.text("abcÇé😀", max_size=3), "value": st.integers(-9, 9)}), max_size=5
        ),
        "text": st.text(max_size=12),
        "number": st.floats(allow_nan=False, allow_infinity=False),
    }
)

_SCALARS: Final = (
    *("d.number", "d.text", "d.rows.length", "7", "-0", "0.1 + 0.2", "5n", "'é'", "null", "undefined", "n++", "seed"),
    *("Date.now()", "Date()", "performance.now()", "Math.random()", "Math.random().toString(36)", "typeof d"),
    *("Symbol('s').toString()", "Number.MAX_VALUE * 2", "(2n ** 70n).toString(7)", "missing?.member"),
)
_LISTS: Final = (
    "d.rows",
    "d.rows.map(row => row.value)",
    "Object.keys(d)",
    "Object.getOwnPropertyNames(globalThis)",
    "Reflect.ownKeys(Math).map(String)",
    "[...new Set([...d.text, n++, d.number])]",
    "[...new Map(Object.entries(d)).keys()]",
    "[...'zyx'].sort(() => Math.random() - 0.5)",
    "d.text.split(/(?<=.)/u)",
    "[3, 1, 2, Math.random(), NaN]",
    "Array.from({ length: 5 }, Math.random)",
    "Object.entries({ b: 1, 2: d.number, a: n++, 1: 'x' })",
    "new Date(2020, 1, n++).toString().split(' ')",
    "[new Date(), new Date(d.number % 8e15)]",
)

_scalars: Final = st.sampled_from(_SCALARS)
_lists: Final = st.sampled_from(_LISTS)
_FORMS: Final = (
    "{list}.sort((a, b) => (a > b) - (a < b))",
    "{list}.toSorted()",
    "{list}.reverse().concat([{one}])",
    "{list}.reduce((all, x) => all + JSON.stringify(x), String({one}))",
    "JSON.parse(JSON.stringify({{ list: {list}, one: {one} }}))",
    "String({one}).replace(/[aeiou\\d]/giu, found => found.charCodeAt(0) + ',')",
    "String({one}).toUpperCase().normalize('NFD').padStart(9, '{{')",
    "[...String({one}).matchAll(/(?<first>.)./gsu)].map(m => [m.index, m.groups.first])",
    "Object.groupBy({list}, x => typeof x)",
    "[{list}, {one}].flat(2)",
    "{one}",
    "[{one}, {list}]",
    "await Promise.all([{one}, Promise.resolve({list}), (async () => {one})()])",
    "await new Promise(settle => queueMicrotask(() => settle({one})))",
    "[...(function* () {{ yield {one}; yield* {list}; }})()]",
    "({{ ...{list}, [{one}]: {one} }})",
    "structure({list}, {one})",
)
expressions: Final = st.builds(
    lambda form, list_, one: form.format(list=list_, one=one), st.sampled_from(_FORMS), _lists, _scalars
)

_STATEMENTS: Final = (
    "results.push({});",
    "console.log({});",
    "console.warn('saw', {}, seed);",
    "try {{ results.push(({}).missing.member); }} catch (error) {{ results.push(error.stack, `${{error}}`); }}",
    "if (Math.random() < 0.2) throw new RangeError(JSON.stringify({}));",
    "if (Math.random() < 0.1) return ({}).missing.member;",
    "if (Math.random() < 0.1) Promise.reject(new Error(String({})));",
    "globalThis['g' + n++] = {};",
)
_SHAPE: Final = """\
let n = 0;
const seed = Math.random();
const structure = (list, one) => new Map([[one, list], [list, n]]).size + [...new Set(list)].length;
async function process(d) {{
  const results = [];
{body}
  return results;
}}
"""

programs: Final = st.lists(
    st.builds(lambda statement, value: "  " + statement.format(value), st.sampled_from(_STATEMENTS), expressions),
    min_size=3,
    max_size=10,
).map(lambda body: _SHAPE.format(body="\n".join(body)))
"""Sources that can be parsed. Some throw, some print, some return what JSON cannot hold."""
