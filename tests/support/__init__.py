"""Tools that the tests of several layers use."""
