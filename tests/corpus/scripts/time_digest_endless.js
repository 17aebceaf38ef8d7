async function process() { const bytes = new Uint8Array(8); for (;;) await crypto.subtle.digest("SHA-1", bytes); }
