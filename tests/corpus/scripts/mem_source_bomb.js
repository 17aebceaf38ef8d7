function process(d) { return eval("[" + "1,".repeat(2e7) + "]").length; }
