"""Runs of sources that are not hosted, while a client waits."""
