// The shape of a dataset in words, from the beginning of its JSON text: names of members and kinds of values, no value.

() => {
  "use strict";

  const LONGEST = 200;
  const MOST_KEYS = 12;
  const LONGEST_KEY = 40;
  const KINDS = { "{": "{…}", "[": "[…]" };
  const TOKEN = /[\s,:]*("(?:[^"\\]|\\.)*"|[{}[\]]|[^\s,:{}[\]"]+)/gy;

  // The members of the first level of an object whose text begins at `at`, as far as the text goes: [name, kind] each.
  function membersOf(text, at) {
    const members = [];
    let depth = 0;
    let name;
    let isWhole = false;
    TOKEN.lastIndex = at;
    for (let match = TOKEN.exec(text); match !== null && members.length <= MOST_KEYS; match = TOKEN.exec(text)) {
      const token = match[1];
      if (depth === 1 && token !== "}") {
        if (name === undefined) name = token;
        else {
          members.push([JSON.parse(name), KINDS[token] ?? ""]);
          name = undefined;
        }
      }
      if (token === "{" || token === "[") depth++;
      else if ((token === "}" || token === "]") && --depth === 0) {
        isWhole = true;
        break;
      }
    }
    if (name !== undefined) members.push([JSON.parse(name), ""]);
    return { members, isWhole };
  }

  function nameOf(key) {
    if (/^[A-Za-z_$][\w$]*$/.test(key) && key.length <= LONGEST_KEY) return key;
    return JSON.stringify(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…`.toWellFormed() : key.toWellFormed());
  }

  const rank = ([, kind]) => ["[…]", "{…}", ""].indexOf(kind);

  function shapeOfObject(text, at) {
    const { members, isWhole } = membersOf(text, at);
    const isAll = isWhole && members.length <= MOST_KEYS;
    const shown = members.slice(0, MOST_KEYS).sort((one, other) => rank(one) - rank(other))
      .map(([key, kind]) => (kind === "" ? nameOf(key) : `${nameOf(key)}: ${kind}`));
    let words = "";
    for (const [i, one] of shown.entries()) {
      if (words.length + one.length > LONGEST - 40) return `{${words}, …}`;
      words += (i === 0 ? "" : ", ") + one;
    }
    return `{${words}${isAll ? "" : words === "" ? "…" : ", …"}}`;
  }

  return (text) => {
    const at = text.search(/\S/);
    switch (text[at]) {
      case "{": return `an object: ${shapeOfObject(text, at)}`;
      case "[": {
        const first = at + 1 + text.slice(at + 1).search(/\S/);
        if (text[first] === "]") return "an empty array";
        return text[first] === "{" ? `an array: [${shapeOfObject(text, first)}, …]` : "an array";
      }
      case '"': return "a string";
      case "n": return "null";
      case "t": case "f": return "a boolean";
      default: return at < 0 ? "" : "a number";
    }
  };
}
