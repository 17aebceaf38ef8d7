function process() { for (;;) new TextDecoder().decode(new Uint8Array(60e6).fill(97)); }
