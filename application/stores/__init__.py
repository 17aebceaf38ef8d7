"""Objects of stores, for clients: upload, download, list and delete."""
