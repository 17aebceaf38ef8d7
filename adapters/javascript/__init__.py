"""JavaScript in a sandbox: ports `RunScript` and `CheckScript`, implemented by `runner.JavaScriptSandbox`.

Only the standard library may be imported here: a zygote imports this package without site-packages.
"""

from adapters.javascript.confined.confinement import make_non_dumpable

__all__ = ["make_non_dumpable"]
