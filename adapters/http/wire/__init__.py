"""The wire format: schemas, conversion to and from domain values, validation errors."""
