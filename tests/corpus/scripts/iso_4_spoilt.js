const owners = [globalThis, Object.prototype, Array.prototype, console, URL, URL.prototype, crypto, structuredClone, TextDecoder, setTimeout, Intl, Intl.NumberFormat, Intl.NumberFormat.prototype];
for (const owner of owners) owner.leak = "kept";
console.group("group"); console.count("label"); console.time("label");
setInterval(() => { globalThis.leak = "later"; }, 1);
Promise.reject(new Error("left")).catch(() => {});
crypto.getRandomValues(new Uint8Array(65536));
Object.freeze(Object.getPrototypeOf(new Intl.DateTimeFormat("pt-BR")));
function process() { return owners.map((owner) => owner.leak).every((one) => one === "kept"); }
