function process() { for (;;) new URLSearchParams("a=1&".repeat(1e6)).sort(); }
