"""Adapter: Dask runs the tasks of jobs. Only this package imports it, and it has its settings from here alone."""

from adapters.dask.isolation import isolate

isolate()
