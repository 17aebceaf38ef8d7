function process(d) { return [typeof globalThis.leak, [].leak === undefined, ({}).leak2 === undefined, JSON.stringify([1]), Math.max(1, 2), Date.now() > 1e12]; }
