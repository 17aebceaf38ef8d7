// Replaces every builtin that asked.js does not ask for itself.
const { defineProperty: define, getOwnPropertyDescriptor: find } = Object;
const lie = () => {
  throw new Error("something of the script's was called");
};
const targets = [];
const SPARED = /^(toLocale|localeCompare$|constructor$|prototype$)/;
for (const owner of [
  Array,
  BigInt,
  Boolean,
  Date,
  Error,
  Function,
  JSON,
  Map,
  Math,
  Number,
  Object,
  Promise,
  RegExp,
  Set,
  String,
  Symbol,
  WeakMap,
  Reflect,
  RangeError,
  Object.getPrototypeOf([][Symbol.iterator]()),
]) {
  for (const holder of [owner, owner.prototype]) {
    if (holder === undefined) continue;
    for (const name of Reflect.ownKeys(holder)) {
      const { configurable, value } = find(holder, name);
      if (configurable && typeof value === "function" && !SPARED.test(String(name))) targets.push([holder, name]);
    }
  }
}
const NAMES = [
  "style",
  "caller",
  "required",
  "defaults",
  "localeMatcher",
  "value",
  "get",
  "set",
  "enumerable",
  "type",
  "notation",
  "timeZone",
];
for (let i = 0; i < targets.length; i++) define(targets[i][0], targets[i][1], { __proto__: null, value: lie });
for (let i = 0; i < NAMES.length; i++)
  define(Object.prototype, NAMES[i], { __proto__: null, get: lie, set: lie, configurable: true });
for (let i = 0; i < 9; i++) define(Array.prototype, i, { __proto__: null, get: lie, set: lie, configurable: true });
