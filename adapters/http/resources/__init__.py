"""The resources: what is at which path, an area a module. Each lists its own; `routes` lists them all."""
