function process(d) { return JSON.parse("[".repeat(200000) + "]".repeat(200000)); }
