"""Content codings: gzip and zstd, there and back, bounded in what they may become. HTTP's words are not known here."""
