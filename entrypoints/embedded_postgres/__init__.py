"""The embedded PostgreSQL server: binaries, cluster, identity, access."""
