"""JavaScript in a sandbox: ports `RunScript` and `CheckScript`, as `runner.JavaScriptSandbox` gives them.

Only what needs the standard library alone is imported here: a zygote comes through this file without site-packages.
"""

from adapters.javascript.confined.confinement import make_non_dumpable

__all__ = ["make_non_dumpable"]
