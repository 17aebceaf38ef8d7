function process() { for (;;) new TextDecoder("utf-16le", { fatal: true }).decode(new Uint8Array(60e6).fill(97)); }
