// A value in words, the same in Node and in the sandbox: what differs is what the tests of globals compare.

globalThis.show = (() => {
  const named = (value) => value.constructor?.name;

  function words(value, depth = 0) {
    if (depth > 8) return "...";
    switch (typeof value) {
      case "string": return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
      case "number": return Object.is(value, -0) ? "-0" : String(value);
      case "bigint": return `${value}n`;
      case "symbol": return value.toString();
      case "function": return `function ${value.name}/${value.length}`;
      case "object": return value === null ? "null" : object(value, depth + 1);
      default: return String(value);
    }
  }

  function object(value, depth) {
    const inner = (one) => words(one, depth);
    let text = `${named(value)}${Object.prototype.toString.call(value)}`;
    if (value instanceof Map || value instanceof Set) text += `(${[...value].map(inner)})`;
    else if (value instanceof Date) text += `(${Number(value)})`;
    else if (value instanceof RegExp) text += `(${value} ${value.lastIndex})`;
    else if (value instanceof ArrayBuffer) text += `(${[...new Uint8Array(value)]})`;
    else if (ArrayBuffer.isView(value)) text += `(${value.byteOffset} ${value.byteLength} ${inner(value.buffer)})`;
    else if (value instanceof Error) {
      for (const name of ["name", "message", "code", "cause"]) if (name in value) text += ` ${name}=${inner(value[name])}`;
    } else if (value instanceof Number || value instanceof String || value instanceof Boolean || named(value) === "BigInt") {
      text += `(${inner(value.valueOf())})`;
    }
    if (Array.isArray(value)) text += value.length;
    return `${text}{${Object.keys(value).map((name) => `${name}:${inner(value[name])}`)}}`;
  }

  return (code) => {
    try {
      return words((0, eval)(`(() => { ${code} })()`));
    } catch (error) {
      return `throws ${object(error, 0)}`;
    }
  };
})();
