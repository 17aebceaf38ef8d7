"""The code of zygotes and their children: the engine, and the confinement around it.

Started without site-packages, so only the standard library is imported here, and nothing of the rest of the project but
`adapters.javascript.wire`.
"""
