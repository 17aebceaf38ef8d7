for (const name of Object.getOwnPropertyNames(globalThis)) {
  const one = name === "globalThis" ? null : globalThis[name];
  if (typeof one === "function" || (typeof one === "object" && one !== null)) { Object.freeze(one); if (one.prototype) Object.freeze(one.prototype); }
}
Object.freeze(globalThis);
async function process() {
  console.log("x", { a: 1 }, new Map([[1, { b: /x/ }]]));
  console.table([{ a: 1 }]);
  const out = [new URL("http://a/é?x=1#y").href, structuredClone({ a: [1, new Map([[1, 2]])] }).a.length, atob("YQ=="), btoa("a"), crypto.randomUUID().length,
    new TextDecoder().decode(new TextEncoder().encode("é")), new URLSearchParams("b=1&a=2").get("a"), (1234.5).toLocaleString("pt-BR"), typeof setTimeout(() => {}, 1)];
  return out;
}
