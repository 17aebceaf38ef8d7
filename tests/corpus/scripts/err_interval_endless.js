function process() { setInterval(() => {}, 1); return new Promise(() => {}); }
