"""The modules that a module needs: all that static imports lead to, and none that is loaded later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.resources.module_graph import needed_modules
from adapters.http.resources.static_files import imported_by

PATHS = ("main.js", "views/one.js", "views/deep/two.js", "parts/three.js", "four.js")
FROM_ROOT = {path: "../" * path.count("/") or "./" for path in PATHS}
STATIC = (
    'import { a } from "{}";',
    'import {\n  a,\n  b as c,\n} from "{}";',
    'import "{}";',
    'import * as all from "{}";',
    'export { a } from "{}";',
)
LATER = (
    '  route("", () => import("{}"));',
    'import("{}");',
    '/** @import { A } from "{}" */',
    '// import { a } from "{}";',
    ' * import { a } from "{}";',
    "const text = 'import { a } from \"{}\";';",
)
imports = st.tuples(st.sampled_from(STATIC + LATER), st.sampled_from(PATHS))


@given(st.fixed_dictionaries({path: st.lists(imports, max_size=4) for path in PATHS}))
def test_a_module_needs_what_static_imports_lead_to(written: dict[str, list[tuple[str, str]]]) -> None:
    texts = {
        path: "\n".join(form.replace("{}", FROM_ROOT[path] + other) for form, other in statements) + "\nexport {};\n"
        for path, statements in written.items()
    }
    needed = needed_modules({path: text.encode() for path, text in texts.items()}, "main.js")
    reached, waiting = {"main.js"}, ["main.js"]
    while waiting:
        new = {other for form, other in written[waiting.pop()] if form in STATIC} - reached
        reached |= new
        waiting += new
    assert (set(needed) | {"main.js"}, len(needed)) == (reached, len(reached) - 1)


def test_a_module_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"gone\.js"):
        needed_modules({"main.js": b'import "./gone.js";'}, "main.js")


def test_the_console_requests_its_first_modules_at_once_and_its_views_when_they_are_opened() -> None:
    needed = imported_by("console/main.js")
    assert {"console/api.js", "console/parts/header.js", "console/words/en.js"} <= set(needed)
    assert [one for one in needed if one.startswith("console/views/")] == []
