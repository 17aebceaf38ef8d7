"""The status of the service, for its operator."""
