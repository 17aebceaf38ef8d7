"""The shapes of the wire, as frozen attrs classes: each one checks or produces JSON, and documents itself.

Validators state the constraints, `about` the words; the OpenAPI document is read from both. Domain values are not
used as shapes, so that renaming one cannot change the wire; only enumerations, whose values are the wire's words, are.
"""
