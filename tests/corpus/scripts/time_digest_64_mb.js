async function process() { const bytes = new Uint8Array(64e6); for (;;) await crypto.subtle.digest("SHA-512", bytes); }
