function process() { for (;;) new URL("http://" + "é".repeat(1e5) + "ü.".repeat(1e5) + "/"); }
