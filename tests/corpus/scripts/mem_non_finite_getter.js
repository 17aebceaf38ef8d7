let asked = 0;
function process() { return { nothing: null, get more() { if (asked++ > 0) { const kept = []; for (;;) kept.push(new Uint8Array(1 << 18).fill(1)); } return 1; } }; }
