// Every string that can be reached from the global object: values, names, getters' answers, sources of functions.
const seen = new Set();
const found = new Set();

function look(value, depth) {
  if (typeof value === "string") found.add(value);
  else if (typeof value === "symbol") found.add(String(value));
  else if ((typeof value === "object" && value !== null) || typeof value === "function") visit(value, depth);
}

function visit(object, depth) {
  if (seen.has(object) || depth > 20) return;
  seen.add(object);
  if (typeof object === "function") found.add(Function.prototype.toString.call(object));
  for (const key of Reflect.ownKeys(object)) {
    look(key, depth);
    const property = Reflect.getOwnPropertyDescriptor(object, key);
    for (const part of [property.value, property.get, property.set]) look(part, depth + 1);
    try { look(object[key], depth + 1); } catch (error) { look(error, depth + 1); }
  }
  look(Object.getPrototypeOf(object), depth + 1);
}

function process(data) {
  for (const start of [globalThis, this, process, data, new.target, arguments]) look(start, 0);
  for (const start of [(function* () {})(), (async () => {})(), [][Symbol.iterator](), new Proxy({}, {}), 1n, /x/.exec("x")]) {
    look(start, 0);
  }
  return [...found];
}
