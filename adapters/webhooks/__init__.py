"""The sender of signed messages to receivers, which may be hostile, over HTTP."""
