"""The layers around the resources: connections and their limits, request ids, log lines, and the last resort for
errors."""
