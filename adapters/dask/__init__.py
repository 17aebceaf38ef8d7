"""Port `JobEngine` on Dask: a cluster of this machine, or an existing one."""
