for (const owner of [Array, Object.getPrototypeOf(Uint8Array), String, Map, Set]) owner.prototype[Symbol.iterator] = function* () { for (;;) yield "forged"; };
Object.getPrototypeOf([].values()).next = () => ({ done: false, value: "forged" });
async function process() {
  console.log("x", { a: 1 }, /x/);
  console.table([{ a: 1 }]);
  const out = [new URL("http://a/é?x=1#y").href, structuredClone({ a: [1, 2] }).a.length, atob("YQ=="), btoa("a"), crypto.randomUUID().length,
    new TextDecoder().decode(new TextEncoder().encode("é")), new URLSearchParams("b=1&a=2").get("a"), (1234.5).toLocaleString("pt-BR"), typeof setTimeout(() => {}, 1)];
  return out;
}
