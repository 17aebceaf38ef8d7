const owners = [globalThis, Object.prototype, Array.prototype, console, URL, URL.prototype, crypto, structuredClone, TextDecoder, setTimeout, Intl, Intl.NumberFormat, Intl.NumberFormat.prototype];
function process() {
  console.count("label");
  return [owners.some((owner) => "leak" in owner), Object.isFrozen(Intl.DateTimeFormat.prototype), new Date(0).toLocaleDateString("pt-BR")];
}
