function process() { const fork = () => { setTimeout(fork); setImmediate(fork); }; fork(); return new Promise(() => {}); }
