"""The comparison of two results: of tables row by row, of all other values path by path."""
