// The engine's message of a failure in the words of Node, with the expression that failed, and its place:
// (acorn, parts) => (source, message, stack, dataset) => line, column and message, one a line; "" if nothing is known.
//
// It runs in a runtime of its own after a run has failed. Source, message and stack are a script's; `dataset` is the beginning of
// the dataset's text. An expression is named only if exactly one operation of the program fits the message and the place.

(acorn, parts) => {
  "use strict";

  const { positions, expressions, dataset_shape: shapeOf } = parts;

  const FRAME = /^ +at (?:(.*) \()?script\.js:(\d+):(\d+)\)?$/;
  const NATIVE = /^ +at (?:(.*) )?\(native\)$/;
  const PARSED = /^ +at <input>:(\d+):(\d+)$/;

  const WORDS = {
    "RangeError: invalid array length": "RangeError: Invalid array length",
    "RangeError: Date value is NaN": "RangeError: Invalid time value",
    "RangeError: invalid repeat count": "RangeError: Invalid count value",
    "URIError: expecting hex digit": "URIError: URI malformed",
    "TypeError: cannot convert symbol to string": "TypeError: Cannot convert a Symbol value to a string",
    "ReferenceError: this is not initialized":
      "ReferenceError: Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
  };

  const keyOf = ({ computed, property }) => (computed ? property.type === "Literal" ? String(property.value) : undefined : property.name);
  const accesses = (kind, key) => (one) => one.kind === kind && (keyOf(one.node) === undefined || keyOf(one.node) === key);

  // ---- the messages: [pattern, (match, failure) => { isMeant, say }]; `isMeant` tells the operations that can have failed so,
  // `say` has the words about the one that did.

  const RULES = [
    [/^TypeError: not a function$/, (_, { native }) => (native === undefined ? {
      isMeant: ({ kind, node }, { isCallable }) => (kind === "call" && !isCallable(node.callee ?? node.tag)) || (kind === "new" && !isCallable(node.callee)),
      say: ({ kind, node }, { render }) => [`TypeError: ${render(node.callee ?? node.tag)} is not a ${kind === "new" ? "constructor" : "function"}`, node.callee ?? node.tag],
    } : {
      isMeant: isCallOf(native),
      say({ node }, { render }) {
        const given = node.arguments[0];
        const callee = render(node.callee);
        if (given === undefined) return ["TypeError: undefined is not a function", node.callee, [`${callee} has no argument`]];
        return [`TypeError: ${render(given)} is not a function`, given, [`the first argument of ${callee}`]];
      },
    })],
    [/^TypeError: not a constructor$/, () => ({
      isMeant: ({ kind }) => kind === "new",
      say: ({ node }, { render }) => [`TypeError: ${render(node.callee)} is not a constructor`, node.callee],
    })],
    [/^TypeError: cannot read property 'Symbol\.iterator' of (undefined|null)$/, ([, value]) => ({
      plain: `TypeError: ${value} is not iterable`,
      isMeant: ({ kind }) => kind === "iterate",
      say: ({ of }, { render }) => (/Pattern$/.test(of.type)
        ? [`TypeError: ${value} is not iterable`, of] : [`TypeError: ${render(of)} is not iterable`, of, [`it is ${value}`]]),
    })],
    [/^TypeError: value is not iterable$/, (_, { native }) => ({
      isMeant: native === undefined ? ({ kind }) => kind === "iterate" : isCallOf(native),
      say: ({ node, of }, { render }) => (native === undefined
        ? [`TypeError: ${/Pattern$/.test(of.type) ? "value" : render(of)} is not iterable`, of]
        : node.arguments.length === 0 ? undefined
          : [`TypeError: ${render(node.arguments[0])} is not iterable`, node.arguments[0], [`the first argument of ${render(node.callee)}`]]),
    })],
    [/^TypeError: cannot (read|set) property '([^]*)' of (undefined|null)$/, ([, verb, key, value]) => ({
      plain: `TypeError: Cannot ${verb} properties of ${value} (${verb === "set" ? "setting" : "reading"} '${key}')`,
      isMeant: accesses(verb === "set" ? "write" : "read", key),
      say({ node }, { render }) {
        const object = render(node.object);
        const reason = object === value || object.startsWith("(intermediate") ? [] : [`${object} is ${value}`];
        return [this.plain, node.object, reason];
      },
    })],
    [/^TypeError: Cannot convert undefined or null to object$/, (_, { native }) => ({
      isMeant: native === undefined ? ({ kind }) => kind === "destructure" : isCallOf(native),
      say: ({ node, of }, { render }) => (native === undefined
        ? /Pattern$/.test(of.type) ? undefined : [`TypeError: Cannot destructure '${render(of)}' as it is undefined or null.`, of]
        : node.arguments.length === 0 ? undefined : ["TypeError: Cannot convert undefined or null to object", node.arguments[0],
          [`${render(node.arguments[0])}, the argument of ${render(node.callee)}`]]),
    })],
    [/^TypeError: '([^]*)' is read-only$/, ([, name]) => ({
      isMeant: ({ kind, node }) => (kind === "assign" && node.name === name) || (kind === "write" && (keyOf(node) ?? name) === name),
      say: ({ kind, node }) => (kind === "assign"
        ? ["TypeError: Assignment to constant variable.", node, [`${name} is a constant`]]
        : [`TypeError: Cannot assign to read only property '${name}' of object`, node]),
    })],
    [/^ReferenceError: (.+) is not initialized$/, ([, name]) => ({
      plain: `ReferenceError: Cannot access '${name}' before initialization`,
      isMeant: ({ kind, node }) => (kind === "name" || kind === "assign") && node.name === name,
      say({ node }) { return [this.plain, node]; },
    })],
    [/^ReferenceError: '?([^' ]+)'? is not defined$/, ([, name]) => ({
      plain: `ReferenceError: ${name} is not defined`,
      isMeant: ({ kind, node }) => (kind === "name" || kind === "assign") && node.name === name,
      say({ node }) { return [this.plain, node]; },
    })],
    [/^TypeError: empty array$/, (_, { native }) => ({
      plain: native === "reduce" || native === "reduceRight" ? "TypeError: Reduce of empty array with no initial value" : undefined,
      isMeant: isCallOf(native),
      say({ node }, { render }) { return [this.plain, node.callee, [`${render(node.callee.object ?? node.callee)} is empty`]]; },
    })],
    [/^SyntaxError: unexpected token: '([^]*)'$/, ([, token], { native, parsed }) => (native !== "parse" || parsed === undefined ? undefined : {
      plain: `SyntaxError: Unexpected token '${token}' in JSON at line ${parsed}`,
      isMeant: isCallOf("parse"),
      say({ node }, { render }) {
        const given = node.arguments[0];
        return given === undefined ? undefined : [this.plain, given, [`${render(given)} is no JSON text`]];
      },
    })],
  ];

  const isCallOf = (name) => ({ kind, node }) => (kind === "call" || kind === "new") && node.callee !== undefined
    && (node.callee.type === "Identifier" ? node.callee.name : keyOf(node.callee) ?? name) === name;

  // ---- the failure

  // Whether this engine knows the places of variables, and not those of calls alone.
  function notesNames() {
    try {
      return new Function("absent", "\n\n\n\nreturn absent.member")();
    } catch ({ stack }) {
      return Number(/:(\d+):\d+\)?$/m.exec(stack)[1]) > 4;
    }
  }

  // Line and column of the first frame of the script, and the native function that it called, if that is where it failed.
  function failureOf(stack) {
    const lines = stack.split("\n");
    const parsed = PARSED.exec(lines[0]);
    if (parsed !== null) lines.shift();
    const native = NATIVE.exec(lines[0] ?? "");
    if (native !== null) lines.shift();
    const frame = FRAME.exec(lines[0] ?? "");
    if (frame === null) return undefined;
    return { line: Number(frame[2]), column: Number(frame[3]), native: native?.[1] ?? undefined, parsed: parsed?.[1] };
  }

  const starts = (text) => {
    const found = [0];
    for (const match of text.matchAll(/\r\n?|[\n\u2028\u2029]/g)) found.push(match.index + match[0].length);
    return found;
  };

  function utf8Length(text) {
    let length = 0;
    for (const one of text) length += one <= "\x7f" ? 1 : one <= "\u07ff" ? 2 : one <= "\uffff" ? 3 : 4;
    return length;
  }

  function lineOf(lines, offset) {
    let line = 0;
    while (line + 1 < lines.length && lines[line + 1] <= offset) line++;
    return line;
  }

  // Whether the engine reports this place for the operation. Its columns count bytes of UTF-8.
  function isAt({ scope, noted }, { line, column }, text, lines) {
    if (noted === -2) return false;
    if (noted === -1) return scope.type === "Program" ? line === 1 : lineOf(lines, scope.start) === line - 1;
    const found = lineOf(lines, noted);
    const bytes = utf8Length(text.slice(lines[found], noted));
    // Columns of the first line count from 0 for all but names, with 1 in place of 0.
    return found === line - 1 && (bytes + 1 === column || (found === 0 && Math.max(bytes, 1) === column));
  }

  // Where Node points to: the property of a member, and otherwise the start.
  function pointOf(node, text) {
    const shown = node.type === "ChainExpression" ? node.expression : node;
    if (shown.type !== "MemberExpression") return shown.start;
    return shown.computed ? text.lastIndexOf("[", shown.property.start - 1) : shown.property.start;
  }

  const isAccess = ({ kind }) => kind === "read" || kind === "write" || kind === "new";

  return (source, message, stack, dataset) => {
    const text = source.startsWith("\ufeff") ? source.slice(1) : source;
    const failure = failureOf(stack);
    if (Object.hasOwn(WORDS, message)) return answer(WORDS[message]);
    if (failure === undefined) return "";
    for (const [pattern, rule] of RULES) {
      const match = pattern.exec(message);
      const found = match === null ? undefined : rule(match, failure);
      // A script that writes the engine's words itself may have thrown them.
      if (found !== undefined) return text.includes(match[0].slice(match[0].indexOf(" ") + 1)) ? "" : explain(found);
    }
    return "";

    function explain(rule) {
      const { program, operations } = positions(acorn, text, notesNames());
      const known = expressions(text, program, operations);
      const lines = starts(text);
      const meant = operations.filter((one) => isAt(one, failure, text, lines) && rule.isMeant(one, known));
      const said = meant.length === 1 ? rule.say(meant[0], known) : undefined;
      if (said === undefined) return answer(rule.plain ?? "");
      const [words, about, reasons = []] = said;
      const notes = [...reasons, ...ofDataset(about, known)];
      const point = pointOf(isAccess(meant[0]) ? meant[0].node : about, text);
      const line = lineOf(lines, point);
      return answer(words + (notes.length === 0 ? "" : ` (${notes.join("; ")})`), line + 1, point - lines[line] + 1);
    }

    function ofDataset(about, { dataset: name, rootOf }) {
      const shape = name !== undefined && rootOf(about) === name ? shapeOf(dataset) : "";
      return shape === "" ? [] : [`${name} is ${shape}`];
    }
  };

  function answer(words, line = 0, column = 0) {
    return words === undefined || words === "" ? "" : `${line}\n${column}\n${words}`;
  }
}
