// The console, with the methods of Node's. Here is what prints ordinary lines; the other methods are in console_methods.js,
// values that JSON could hold in plain_values.js, and all others in inspection.js: each is evaluated when it is needed.

(lib, host) => {
  "use strict";

  const { NativeString, apply, defineProperty, includes, need, symbolToString, toStringTag } = lib;

  const LEVELS = { __proto__: null, debug: 0, log: 1, info: 2, warn: 3, error: 4 };
  const LONGEST_LINE = 1 << 20;

  lib.levels = LEVELS;
  lib.longestLine = LONGEST_LINE;
  lib.groupIndentation = "";
  lib.printValues = printValues;
  lib.printText = printText;

  function printValues(level, values) {
    if (host.hasRoom()) printText(level, lineOf(values) ?? formatted(values));
  }

  function printText(level, text) {
    host.print(level, lib.groupIndentation === "" ? text : lib.indentedByGroups(text));
  }

  function formatted(values) {
    need("inspection");
    return lib.format(values);
  }

  function lineOf(values) { // undefined if it takes more
    const { length } = values;
    if (length > 1 && typeof values[0] === "string" && includes(values[0], "%")) return undefined;
    let line = "";
    for (let i = 0; i < length && line.length < LONGEST_LINE; i++) {
      const value = values[i];
      const text = typeof value === "string" ? value : textOf(value);
      if (text === undefined) return undefined;
      line += i === 0 ? text : " " + text;
    }
    return line;
  }

  function textOf(value) {
    switch (typeof value) {
      case "number": return value === 0 && 1 / value < 0 ? "-0" : NativeString(value);
      case "bigint": return NativeString(value) + "n";
      case "symbol": return symbolToString(value);
      case "object":
        if (value === null) return "null";
        need("plain_values");
        return lib.plainText(value);
      case "function": return undefined;
      default: return NativeString(value);
    }
  }

  function call(name, given) {
    need("console_methods");
    apply(lib.consoleMethods[name], undefined, given);
  }

  const console = {
    log(...values) { printValues(LEVELS.log, values); },
    warn(...values) { printValues(LEVELS.warn, values); },
    dir(...values) { call("dir", values); },
    time(...values) { call("time", values); },
    timeEnd(...values) { call("timeEnd", values); },
    timeLog(...values) { call("timeLog", values); },
    trace(...values) { call("trace", values); },
    assert(...values) { if (!values[0]) call("assert", values); },
    clear() { /* there is no screen */ },
    count(...values) { call("count", values); },
    countReset(...values) { call("countReset", values); },
    group(...values) { call("group", values); },
    groupEnd() { if (lib.groupIndentation !== "") call("groupEnd", []); },
    table(data, properties) { call("table", [data, properties]); },
    debug(...values) { printValues(LEVELS.debug, values); },
    info(...values) { printValues(LEVELS.info, values); },
    dirxml(...values) { printValues(LEVELS.log, values); },
    error(...values) { printValues(LEVELS.error, values); },
    groupCollapsed(...values) { call("group", values); },
    profile() { /* nothing is profiled */ },
    profileEnd() { /* nothing is profiled */ },
    timeStamp() { /* nothing is recorded */ },
  };
  defineProperty(console, toStringTag, { __proto__: null, value: "console", configurable: true });
  defineProperty(globalThis, "console", { __proto__: null, value: console, writable: true, enumerable: false, configurable: true });
}
