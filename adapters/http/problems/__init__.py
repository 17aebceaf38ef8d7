"""Problem details (RFC 9457): types, refusals, and the mapping between them."""
