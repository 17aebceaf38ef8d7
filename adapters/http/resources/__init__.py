"""The resources, one module for each area. Each module lists its own; `routes` lists them all."""
