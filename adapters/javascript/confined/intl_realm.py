"""`Intl` for scripts: FormatJS and our own code, in a realm of their own beside that of the scripts.

A realm has builtins of its own, so that a script's changes to its builtins have no effect there; only `options.js` and
`surface.js` are evaluated in the scripts' realm. Both share one heap.
"""

from os.path import dirname, join
from typing import Final

from adapters.javascript import wire
from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.confined.quickjs_api import Value

_FOLDER: Final = dirname(__file__)
_PARTS: Final = ("locales", "zones", "dates", "numbers", "collation")
_NAME: Final = wire.PRELUDE_NAME.encode()
"""Stack traces leave out frames with this name."""
_NEW_PARTS: Final = b"(() => { const parts = {}; return { parts, add: (name, part) => { parts[name] = part; } }; })()"


def install_intl(js: QuickJS, differ: Value) -> int:
    """Give scripts `Intl`, ready for use; the bytes of the heap that this takes.

    `differ` is the prelude's function that reports the use of what answers differently from Node.
    """
    before = js.held_bytes
    realm = js.new_realm()
    realm.free(_evaluate(realm, "vendor", "formatjs.js"))
    made = realm.evaluate(_NEW_PARTS, _NAME)
    add = realm.member(made, b"add")
    for name in _PARTS:
        realm.free(realm.call(add, realm.string(name.encode()), _evaluate(realm, "intl", f"{name}.js")))
    realm.free(realm.call(add, realm.string(b"differ"), differ))
    realm.free(realm.call(add, realm.string(b"formatjs"), realm.evaluate(b"formatjs.default", _NAME)))
    realm.free(realm.call(add, realm.string(b"data"), realm.parse(_read("vendor", "intl.json"))))
    core = realm.call(_evaluate(realm, "intl", "core.js"), realm.member(made, b"parts"))
    options = js.call(_evaluate(js, "intl", "options.js"))
    js.free(js.call(_evaluate(js, "intl", "surface.js"), core, options))
    realm.free(realm.call(realm.member(core, b"warmUp")))
    return js.held_bytes - before


def _evaluate(realm: QuickJS, folder: str, name: str) -> Value:
    return realm.evaluate(_read(folder, name), _NAME)


def _read(folder: str, name: str) -> bytes:
    with open(join(_FOLDER, folder, name), "rb") as file:
        return file.read()
