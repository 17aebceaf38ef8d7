// Digests of texts and buffers of many lengths, and what the functions refuse.
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
async function process() {
  const log = [];
  const encoder = new TextEncoder();
  for (const name of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
    for (let length = 0; length < 300; length += length < 140 ? 1 : 37) log.push(hex(await crypto.subtle.digest(name, encoder.encode("é".repeat(length).slice(0, length)))));
    log.push(hex(await crypto.subtle.digest({ name: name.toLowerCase() }, new Uint8Array(3000).map((_, i) => i * 7).buffer)));
    log.push(hex(await crypto.subtle.digest(name, new Uint16Array(new Uint8Array(100).map((_, i) => i).buffer, 10, 20))));
    log.push(hex(await crypto.subtle.digest(name, new DataView(new Uint8Array(100).map((_, i) => i).buffer, 3, 5))));
    log.push(hex(await crypto.subtle.digest(name, new Uint8Array(300000))));
  }
  const bytes = new Uint8Array([1, 2, 3]);
  const early = crypto.subtle.digest("SHA-256", bytes);
  bytes[0] = 9;
  log.push(hex(await early), early instanceof Promise);
  const refused = async (call) => { try { return typeof (await call()); } catch (error) { return [error.constructor.name, error.name, error.message, error.code].join("|"); } };
  for (const given of [[], ["SHA-256"], ["MD5", bytes], ["SHA256", bytes], [null, bytes], [5, bytes], [{}, bytes], ["SHA-1", "text"], ["SHA-1", [1]], ["SHA-1", null], ["sha-512", bytes]]) {
    log.push(await refused(() => crypto.subtle.digest(...given)));
  }
  log.push(await refused(() => crypto.subtle.digest.call({}, "SHA-1", bytes)));
  const { getRandomValues } = crypto;
  for (const given of [[], [[1]], [null], [new Float32Array(1)], [new Uint8Array(65537)], [new DataView(new ArrayBuffer(1))], [new ArrayBuffer(1)], [new Uint8Array(0)], [new BigInt64Array(2)], [new Uint32Array(16384)]]) {
    log.push(await refused(() => crypto.getRandomValues(...given)));
  }
  log.push(await refused(() => getRandomValues(bytes)), await refused(() => crypto.randomUUID.call({})), await refused(() => new Crypto()), await refused(() => new SubtleCrypto()));
  const filled = new Uint8Array(2000);
  log.push(crypto.getRandomValues(filled) === filled, new Set(filled).size > 200, crypto.getRandomValues(new Uint16Array(4)).length);
  const ids = Array.from({ length: 50 }, () => crypto.randomUUID());
  log.push(new Set(ids).size, ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)), new Set(ids.map((id) => id[19])).size);
  for (const one of [crypto, crypto.subtle]) log.push(Object.prototype.toString.call(one), one.constructor.name, Object.keys(one).length);
  for (const one of [crypto.subtle.digest, crypto.getRandomValues, crypto.randomUUID, Crypto, SubtleCrypto]) log.push(`${one.name} ${one.length}`);
  return log;
}
