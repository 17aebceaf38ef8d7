"""Builds responses: documents, stored bodies, negotiation, conditional requests."""
