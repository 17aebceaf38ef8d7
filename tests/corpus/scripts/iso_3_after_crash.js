function process(d) { return "alive"; }
