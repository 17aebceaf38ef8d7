for (const owner of [Object, Array, String, Number, Function, RegExp]) {
  for (const name of [Symbol.toPrimitive, Symbol.toStringTag]) Object.defineProperty(owner.prototype, name, { get() { throw new Error("primitive"); }, configurable: true });
}
function process() { return [new URL("http://a/").href, btoa("1"), structuredClone([1]), (1.5).toLocaleString("pt-BR")]; }
