// The value of a piece of code as ASCII text, the same in Node and in the sandbox, or the class of the error that it throws.

globalThis.answer = (() => {
  const MOST_NESTED = 8;
  const quoted = (text) =>
    JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

  function words(value, depth) {
    if (depth > MOST_NESTED) return "...";
    switch (typeof value) {
      case "string": return quoted(value);
      case "number": return Object.is(value, -0) ? "-0" : String(value);
      case "bigint": return `${value}n`;
      case "symbol": return value.toString();
      case "function": return `function ${quoted(value.name)}/${value.length}`;
      case "object": return value === null ? "null" : object(value, depth + 1);
      default: return String(value);
    }
  }

  const isWrapper = (value) => value instanceof Number || value instanceof String || value instanceof Boolean;

  function object(value, depth) {
    const list = (values) => Array.from(values, (one) => words(one, depth)).join();
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return `${value.constructor.name}[${list(value)}]`;
    if (value instanceof ArrayBuffer) return `ArrayBuffer(${list(new Uint8Array(value))})`;
    if (value instanceof RegExp) return `RegExp(${quoted(value.source)} ${value.flags} ${words(value.lastIndex, depth)})`;
    if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${list(value)})`;
    if (value instanceof Error) return value.constructor.name;
    if (isWrapper(value)) return `${value.constructor.name}(${words(value.valueOf(), depth)})`;
    const isList = Array.isArray(value);
    const elements = isList ? Array.from(value, (one, i) => (i in value ? words(one, depth) : "")) : [];
    const named = Object.keys(value).filter((name) => !isList || !/^\d+$/.test(name));
    if (isList && named.includes("index")) named.sort(); // a match: its members stand in another order in one of the engines
    const members = named.map((name) => `${quoted(name)}:${words(value[name], depth)}`);
    return isList ? `[${elements}${members.length ? ` ${members}` : ""}]` : `{${members}}`;
  }

  return (code) => {
    try {
      return words((0, eval)(`(() => { ${code} })()`), 0);
    } catch (error) {
      return `throws ${error?.constructor?.name}`;
    }
  };
})();

// The length of what a global regular expression matches in a text of characters of all planes in use, and a number for where.
globalThis.ranges = (() => {
  const USED = [[0, 0x3400], [0xa000, 0xac00], [0xd7b0, 0xd800], [0xf900, 0x12600], [0x14400, 0x14700], [0x16800, 0x17000], [0x1aff0, 0x1fc00], [0xe0000, 0xe0200]];
  let text;

  function characters() {
    const all = [];
    for (const [start, end] of USED) for (let i = start; i < end; i++) all.push(i);
    return all.map((one) => String.fromCodePoint(one)).join("");
  }

  return (expression) => {
    text ??= characters();
    let hash = 0;
    let count = 0;
    for (const { index, 0: run } of text.matchAll(expression)) {
      hash = (Math.imul(hash, 31) + index) | 0;
      hash = (Math.imul(hash, 31) + run.length) | 0;
      count += run.length;
    }
    return [count, hash];
  };
})();
