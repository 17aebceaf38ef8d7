function process(d) { for (;;) console.log("y".repeat(1000)); }
