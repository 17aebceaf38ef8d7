function process(d) { while (true) {} }
