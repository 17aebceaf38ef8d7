"""Parts of the command that verifies receipts: digests of files, and the report's texts."""
