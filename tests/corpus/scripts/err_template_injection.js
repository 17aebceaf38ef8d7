function process(d) { return 1; }
`${"
