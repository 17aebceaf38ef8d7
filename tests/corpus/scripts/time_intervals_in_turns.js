function process() { setInterval(() => {}, 1); setInterval(() => setImmediate(() => {}), 1); return new Promise(() => {}); }
