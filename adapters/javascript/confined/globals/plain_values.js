// Text for the console of values that JSON could hold: plain objects and short arrays of texts, numbers, true, false and null.
// It is that of the inspector, without the cost of evaluating it; whatever is not as plain is left to it.

(lib) => {
  "use strict";

  const {
    NativeString, exec, includes, getOwnPropertyDescriptor, getPrototypeOf, inspectSymbol, is, join, kindOf, list, ownKeys, toStringTag,
  } = lib;
  const ObjectPrototype = getPrototypeOf({});
  const ArrayPrototype = getPrototypeOf([]);

  const NAME = /^[A-Za-z_][A-Za-z_0-9]*$/;
  const UNQUOTABLE = /[^ !#-&(-[\]-~\xa0-\ud7ff]/;
  const DEEPEST = 2;
  const MOST_ELEMENTS = 6; // longer arrays are laid out in columns
  const LONGEST_LINE = 69; // of the parts with what parts them, and the indentation
  const INDENTATIONS = ["", "  ", "    "];
  const MOST_NAMES = 200;
  const NOTHING = null;

  lib.plainPrimitive = (value) => (typeof value === "object" && value !== null ? undefined : textOf(value, 0, NOTHING));
  lib.plainText = (value) => objectText(value, 0, NOTHING);

  function textOf(value, depth, around) {
    switch (typeof value) {
      case "string": return value.length > 9999 || exec(UNQUOTABLE, value) !== null ? undefined : "'" + value + "'";
      case "number": return is(value, -0) ? "-0" : NativeString(value);
      case "boolean": case "undefined": return NativeString(value);
      case "object": return value === null ? "null" : objectText(value, depth, around);
      default: return undefined;
    }
  }

  // `around` is the chain of the objects that it is in: a cycle is left to the inspector.
  function objectText(value, depth, around) {
    for (let one = around; one !== NOTHING; one = one.around) if (one.value === value) return undefined;
    const kind = kindOf(value);
    const within = { __proto__: null, value, around };
    if (kind === "Array") return arrayText(value, depth, within);
    if (kind !== "Object" || getPrototypeOf(value) !== ObjectPrototype || isMarked(value)) return undefined;
    const names = ownKeys(value);
    if (names.length === 0) return "{}";
    if (depth > DEEPEST) return "[Object]";
    if (names.length > MOST_NAMES) return undefined;
    const parts = list();
    for (let i = 0; i < names.length; i++) {
      const text = memberText(value, names[i], depth, within);
      if (text === undefined) return undefined;
      parts[i] = (exec(NAME, names[i]) === null ? "'" + names[i] + "'" : names[i]) + ": " + text;
    }
    return laidOut(parts, "{", "}", depth);
  }

  // Where prototypes have been given what the inspector asks for.
  const isMarked = (value) => inspectSymbol in value || toStringTag in value;

  function memberText(value, name, depth, within) {
    if (typeof name !== "string" || exec(UNQUOTABLE, name) !== null || name === "__proto__" || name === "constructor") return undefined;
    const { enumerable, get, set, value: member } = getOwnPropertyDescriptor(value, name);
    return enumerable && get === undefined && set === undefined ? textOf(member, depth + 1, within) : undefined;
  }

  function arrayText(value, depth, within) {
    const { length } = value;
    if (length > MOST_ELEMENTS || getPrototypeOf(value) !== ArrayPrototype || isMarked(value)) return undefined;
    const names = ownKeys(value);
    if (names.length !== length + 1) return undefined;
    if (length === 0) return "[]";
    if (depth > DEEPEST) return "[Array]";
    const parts = list();
    for (let i = 0; i < length; i++) {
      if (names[i] !== NativeString(i)) return undefined;
      parts[i] = memberText(value, names[i], depth, within);
      if (parts[i] === undefined) return undefined;
    }
    return laidOut(parts, "[", "]", depth);
  }

  // On one line if it fits and every part does, else a line for each part.
  function laidOut(parts, open, close, depth) {
    const indentation = INDENTATIONS[depth];
    let width = indentation.length;
    for (let i = 0; i < parts.length; i++) width = includes(parts[i], "\n") ? Infinity : width + parts[i].length + 2;
    if (width <= LONGEST_LINE) return open + " " + join(parts, ", ") + " " + close;
    const start = "\n" + indentation;
    return open + start + "  " + join(parts, "," + start + "  ") + start + close;
  }
}
