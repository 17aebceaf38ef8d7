"""What the service measures of itself, in Prometheus's terms. Nothing here has a label that a client can make up."""
