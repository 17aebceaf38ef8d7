"""The OpenAPI document, made of the resources, their shapes and the examples; `document` puts it together."""
