async function process(d) { for (;;) await null; }
