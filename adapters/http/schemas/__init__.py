"""Wire schemas as frozen attrs classes: each one validates or produces JSON and documents itself.

Validators state the constraints, `about` gives the descriptions; the OpenAPI document is generated from both. Domain
values are not used as schemas, so renaming one cannot change the wire format. Enumerations are the exception: their
values are the wire format's own strings.
"""
