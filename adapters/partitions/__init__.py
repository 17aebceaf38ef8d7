"""Port `PerformTask`: the formats of data, and the runs of a script over a partition of it."""
