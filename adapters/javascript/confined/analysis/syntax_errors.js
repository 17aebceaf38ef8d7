// A parser's refusal in the terms of its author: ({ parser, spelling }) => (options, error, text, report) => nothing.
//
// acorn says where a text stops being JavaScript. Other languages that are sent as if they were JavaScript are known by
// the tokens around that place, so that the advice can be about them; everything here reads a bounded part of the text.

"use strict";

({ parser, spelling: nearest }) => {
  const KEYWORDS = [
    "async", "await", "break", "case", "catch", "class", "const", "continue", "default", "delete", "else", "export", "extends",
    "finally", "for", "function", "import", "instanceof", "let", "new", "return", "static", "super", "switch", "this", "throw",
    "try", "typeof", "var", "void", "while", "yield",
  ];
  const OF_TYPESCRIPT = new Set([
    "abstract", "declare", "enum", "interface", "module", "namespace", "override", "private", "protected", "public", "readonly",
    "type",
  ]);
  const TOKEN = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*|["'`]|\d|=>|[^]/uy;
  const PYTHON = /^\s*(?:(?:async\s+)?def\s+\w+\s*\(|class\s+\w+\s*(?:\(.*\))?:|from\s+[\w.]+\s+import\s|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*\s*$|(?:if|elif|while|with|for)\s[^{;]*:\s*(?:#.*)?$|(?:else|try|finally|except)\b[^{;]*:\s*(?:#.*)?$|#\s|print\s+["'\w]|[ru]?(?:"""|'''))/;
  const IS_NAME = /^[\p{ID_Start}$_]/u;
  const BEFORE_DECLARED = new Set(["", "let", "const", "var", "(", ",", "{", "}", ";", "...", "static", "readonly"]);
  const TYPE = /^:[^\S\n]*[\p{ID_Start}$_{[("'`]/u;
  const BLANKS = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y;
  const MARKUP = /^<(?:[A-Za-z][\w.-]*[\s/>]|>)/;
  const GENERICS = /^<\s*[A-Z]\w*\s*(?:,|>\s*\(|extends\b)/;
  const ASSERTION = /^<\s*([A-Za-z_$][\w$.]*)(?:\[\])*>\s*[\w$({["'`]/;
  const OF_TYPES_ONLY = /^(?:export\s+(?:type|interface|enum|declare|abstract|namespace)|import\s+type)\s+[\w${*]/;
  const LONGEST_LINE = 2000;

  class Tracing extends parser {
    next(isEscapeIgnored) {
      this.options.onToken(this);
      super.next(isEscapeIgnored);
    }
  }

  // The parse once more, up to where it fails: the last tokens, and the brackets that are open there.
  function retrace(options, text) {
    const last = [];
    const open = [];
    const onToken = ({ type, start, end }) => {
      if (last.length === 4) last.shift();
      last.push({ start, end, text: text.slice(start, Math.min(end, start + 50)) });
      const { label } = type;
      const isQuoted = label === "`" && (open.length === 0 || open[open.length - 1].label !== "`");
      if (isQuoted || label === "{" || label === "(" || label === "[" || label === "${") open.push({ label, start });
      else if (label === "`" || label === "}" || label === ")" || label === "]") open.pop();
    };
    try {
      Tracing.parse(text, { ...options, onToken });
    } catch { /* as before */ }
    return { last, open };
  }

  function tokenAt(text, at) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    return found === null ? "" : found[0];
  }

  function named(token) {
    if (token === "") return "Unexpected end of input";
    if (token === "\"" || token === "'") return "Unexpected string";
    if (token === "`") return "Unexpected template string";
    if (/^\d/.test(token)) return "Unexpected number";
    return `Unexpected ${IS_NAME.test(token) && !KEYWORDS.includes(token) ? "identifier" : "token"} '${token}'`;
  }

  function lineAround(text, at) {
    const start = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - LONGEST_LINE);
    const end = text.indexOf("\n", at);
    return text.slice(start, Math.min(end < 0 ? text.length : end, at + LONGEST_LINE)).replace(/\r$/, "");
  }

  function isJson(text) {
    try {
      JSON.parse(text);
      return true;
    } catch {
      const lines = text.trimStart();
      return /^[{[]\s*(?:"(?:[^"\\\n]|\\.)*"\s*:|\{\s*")/.test(lines.slice(0, LONGEST_LINE));
    }
  }

  // The kind of text, by what stands around the place: the first rule that holds.
  const RULES = [
    ["json", ({ text, isFirst, here }) => (isFirst || here === ":" || here === "," || here === "{") && isJson(text)],
    ["html", ({ text, isFirst, at }) => isFirst && /^<[A-Za-z!?]/.test(text.slice(at, at + 2))],
    ["python", ({ line }) => PYTHON.test(line) && !/\bfrom\s*['"]|[;{]\s*$/.test(line)],
    ["typescript", ({ text, at }) => OF_TYPES_ONLY.test(text.slice(at, at + 100))],
    ["import", ({ here, message }) => here === "import" || message.includes("import.meta")],
    ["export", ({ here, message }) => here === "export" && message.includes("'export'")],
    ["await", ({ here, before, message }) => here === "await" || before(1) === "await" || message.includes("'await'")],
    ["typescript", isTypeScript],
    ["jsx", ({ text, at, here }) => here === "<" && MARKUP.test(text.slice(at, at + 100))],
  ];

  function isTypeScript(place) {
    const { text, at, here, before, around, message, line } = place;
    const reserved = /^The keyword '(\w+)' is reserved/.exec(message);
    const rest = text.slice(at, at + 100);
    if (message === "Unexpected character '@'") return true; // a decorator
    if (reserved !== null && OF_TYPESCRIPT.has(reserved[1])) return /^\w+\s+[\p{ID_Start}$_]/u.test(rest);
    if (here === ":") return isAnnotation(place, rest);
    if (here === "?") return IS_NAME.test(before(1)) && /^\?\s*[:,)]/.test(rest);
    if (here === "<" && ASSERTION.test(rest)) return !text.includes(`</${ASSERTION.exec(rest)[1]}`, at);
    if (here === "this") return around === "(" && /^this\s*:/.test(rest);
    if (here === "[") return /^\[\s*\]\s*[>,]/.test(rest) && /[\w$]\s*</.test(line);
    if (here === "<") return GENERICS.test(rest) || before(2) === "function" || before(2) === "class";
    if (here === "!") return /^!\s*[.;,)\]}[]/.test(rest);
    if (here === "as" || here === "satisfies" || here === "implements") return true;
    if (here === ")" && before(1) === "(" && before(2) === ">") return /\bnew\s+\w+\s*</.test(line);
    return /^[\p{ID_Start}$_{"'*]/u.test(here) && OF_TYPESCRIPT.has(before(1));
  }

  // A colon after what is declared; in `a ? b : c : d` and the like nothing is.
  function isAnnotation({ before, around, line }, rest) {
    if (!TYPE.test(rest) || KEYWORDS.includes(before(1))) return false;
    if (before(1) === "?") return around === "(" && (before(3) === "(" || before(3) === ",");
    if (before(1) === ")") return /^:[^=;\n]*(?:=>|\{)/.test(rest);
    if (before(1) === "]" || before(1) === "}") return around === "(" || /^\s*(?:const|let|var)\b/.test(line);
    return IS_NAME.test(before(1)) && BEFORE_DECLARED.has(before(2)) && (before(2) !== "," || around === "(");
  }

  // acorn points to where an unfinished construct begins, Node to where it should have gone on.
  function placeOf(message, at, text, last) {
    if (message === "Unterminated template") return text.length;
    if (message !== "Missing catch or finally clause" || last.length === 0) return at;
    BLANKS.lastIndex = last[last.length - 1].end;
    BLANKS.test(text);
    return BLANKS.lastIndex;
  }

  return (options, error, text, report) => {
    const { last, open } = retrace(options, text);
    const message = error.message.replace(/ \(\d+:\d+\)$/, "");
    const at = placeOf(message, error.pos, text, last);
    const previous = last.filter(({ end }) => end <= at);
    const before = (count) => (previous.length < count ? "" : previous[previous.length - count].text);
    const here = tokenAt(text, at);
    const around = open.length === 0 ? "" : open[open.length - 1].label;
    const isFirst = previous.length === 0;
    const line = lineAround(text, at);
    const found = RULES.find(([, holds]) => holds({ text, at, here, before, around, message, line, isFirst }));
    const isUnexpected = message === "Unexpected token";
    const meant = isUnexpected && IS_NAME.test(before(1)) ? nearest(before(1), KEYWORDS) : "";
    const place = found && found[0] === "await" && before(1) === "await" ? previous[previous.length - 1].start : at;
    const words = isUnexpected || message.includes("sourceType") ? named(here) : message;
    report(found ? found[0] : "syntax", place, words, KEYWORDS.includes(before(1)) ? "" : meant);
    const unclosed = open[open.length - 1];
    if (!found && unclosed && (here === "" || here === "}" || here === ")" || here === "]")) {
      report("unclosed", unclosed.start, unclosed.label);
    }
  };
}
