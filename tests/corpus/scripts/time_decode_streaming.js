function process() {
  const decoder = new TextDecoder("windows-1252"), bytes = new Uint8Array(60e6).fill(233);
  for (;;) decoder.decode(bytes, { stream: true });
}
