"""What stands around the resources: connections and their bounds, ids and log lines, what is told when all fails."""
