function process(d) { return typeof SharedArrayBuffer; }
