for (const owner of [RegExp, Map, Set, WeakMap, Date, Array]) for (const name of Object.getOwnPropertyNames(owner.prototype)) {
  if (name !== "constructor" && name !== "length") try { Object.defineProperty(owner.prototype, name, { get() { throw new Error(name); }, set() { throw new Error(name); } }); } catch { }
}
async function process() {
  console.log("x", { a: 1 }, new Map());
  console.table([{ a: 1 }]);
  const out = [new URL("http://a/é?x=1#y").href, structuredClone({ a: [1, 2] }).a.length, atob("YQ=="), btoa("a"), crypto.randomUUID().length,
    new TextDecoder().decode(new TextEncoder().encode("é")), new URLSearchParams("b=1&a=2").get("a"), (1234.5).toLocaleString("pt-BR"), typeof setTimeout(() => {}, 1)];
  return out;
}
