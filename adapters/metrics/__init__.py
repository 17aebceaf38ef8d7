"""The service's own metrics, in Prometheus's terms. No label takes a value that a client can invent."""
