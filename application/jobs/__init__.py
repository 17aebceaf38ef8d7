"""Jobs: scripts over data in stores, partition by partition."""
