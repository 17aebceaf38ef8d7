"""Configuration of processes: settings, secret files, logs, master keys."""
