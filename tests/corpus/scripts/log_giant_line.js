function process(d) { console.log("z".repeat(8000000)); console.log("after"); return 1; }
