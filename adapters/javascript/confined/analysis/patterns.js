// Regular expressions that the engine does not know, or reads differently from Node: ({ nodes }) => `isNoted`, which chooses nodes
// for the walk (scopes.js) to note, and `check`: (walk, report) => nothing; `report(kind, at, subject, suggestion)`.

"use strict";

({ nodes }) => {
  const { isMemberOf, isNamed, memberOf, textOf } = nodes;

  const OF_LAST_MATCH = new Set([
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$_", "$&", "$+", "$`", "$'",
    "input", "lastMatch", "lastParen", "leftContext", "rightContext",
  ]);

  const MOST_PROBED = 20;

  // Flag `v` is recent: an engine that fails here gives other results than Node in more places than this one.
  const readsSets = reasonAgainst("[\\p{L}--[a-z]]", "v") === "" && reasonAgainst("\\2", "v") !== "";

  const forgetsGroups = new RegExp("(?:(a)|b)+").exec("ab")[1] === undefined;

  function reasonAgainst(pattern, flags) {
    try {
      new RegExp(pattern, flags);
    } catch ({ message }) {
      return message;
    }
    return "";
  }

  // Characters that are the same one under the flag `i`.
  const SAME_LETTERS = [..."abcdefghijlmnopqrtuvwxyzéçãñµ"].map((letter) => [letter, letter.toUpperCase()]);
  SAME_LETTERS.push(["k", "K", "\u212a"], ["s", "S", "\u017f"], ["σ", "ς", "Σ"], ["ß", "ẞ"], ["å", "Å", "\u212b"]);

  // What Node reads otherwise than this engine. Under the flag `v` an engine that `readsSets` keeps to ECMAScript: V8 forgets the
  // quantifier of `[^]`, and folds case behind operators and complements instead of before them. "" if nothing.
  function hazardOf(pattern, flags) {
    const isFolded = flags.includes("i");
    if (flags.includes("v")) {
      if (!readsSets) return "v-flag";
      if (/\[\^\[*\]+[*+?{]/.test(pattern.replace(/\\[^]/g, "__"))) return "v-any";
      const probed = isFolded ? [...setsOf(pattern), ...propertiesOf(pattern).filter(isBinary)] : [];
      if (probed.some((one) => isFoldedTooLate(one, "v"))) return "case";
    } else if (isFolded && flags.includes("u") && propertiesOf(pattern).some((one) => isFoldedTooLate(one, "u"))) return "case";
    return !forgetsGroups && keepsGroup(pattern) ? "kept-group" : "";
  }

  const propertiesOf = (pattern) =>
    (pattern.match(/\\(?:[pP]\{[^}]*\}|[^])/g) ?? []).filter((one) => one.length > 2).slice(0, MOST_PROBED);

  // V8 folds case in time for general categories and scripts.
  const isBinary = (property) => !property.includes("=") && reasonAgainst(property.replace("{", "{gc="), "v") !== "";

  // Whether a group that is repeated has a group in one of its alternatives: where the last repetition takes another one, the
  // group is undefined in Node.
  function keepsGroup(pattern) {
    const around = [];
    let group = { captures: false, holds: false, skips: false, alternates: false };
    for (let i = 0; i < pattern.length; i++) {
      const sign = pattern[i];
      if (sign === "\\") i++;
      else if (sign === "[") i = endOfSet(pattern, i);
      else if (sign === "|") group.alternates = true;
      else if (sign === "(") {
        around.push(group);
        group = { captures: /^\((?:[^?]|\?<[^=!])/.test(pattern.slice(i, i + 4)), holds: false, skips: false, alternates: false };
      } else if (sign === ")") {
        const skips = group.skips || group.alternates && group.holds;
        if (skips && /^(?:[*+]|\{(?![01]\}|0,1\}))/.test(pattern.slice(i + 1, i + 6))) return true;
        const outer = around.pop();
        outer.holds ||= group.holds || group.captures;
        outer.skips ||= skips;
        group = outer;
      }
    }
    return false;
  }

  function endOfSet(pattern, start) {
    let end = start + 1;
    while (end < pattern.length && pattern[end] !== "]") end += pattern[end] === "\\" ? 2 : 1;
    return end;
  }

  // The character classes of a pattern that have operators.
  function setsOf(pattern) {
    const found = [];
    let depth = 0;
    let start = 0;
    for (let i = 0; i < pattern.length; i++) {
      const sign = pattern[i];
      if (sign === "\\") i++;
      else if (sign === "[" && depth++ === 0) start = i;
      else if (sign === "]" && --depth === 0) found.push(pattern.slice(start, i + 1));
    }
    return found.filter((one) => one.includes("--") || one.includes("&&")).slice(0, MOST_PROBED);
  }

  function isFoldedTooLate(set, flag) {
    const plain = new RegExp(`^${set}$`, flag);
    const folded = new RegExp(`^${set}$`, `i${flag}`);
    return SAME_LETTERS.some((letters) => {
      const inNode = letters.some((letter) => plain.test(letter));
      return letters.some((letter) => folded.test(letter) !== inNode);
    });
  }

  const isRegExp = (node) => isNamed(node, "RegExp") || isMemberOf(node, "globalThis") && memberOf(node) === "RegExp";

  function isNoted(node) {
    switch (node.type) {
      case "MemberExpression": return OF_LAST_MATCH.has(memberOf(node));
      case "CallExpression":
      case "NewExpression": return isRegExp(node.callee) || node.callee.type === "Identifier" && textOf(node.arguments[0]) !== undefined;
      case "VariableDeclarator": return isRegExp(node.init);
      default: return node.type === "Literal";
    }
  }

  function check(walk, report) {
    // The scopes in which a variable is another name of `RegExp`, by its name.
    const aliases = new Map();
    for (const { node, scope } of walk.noted) {
      if (node.type === "VariableDeclarator" && isTheGlobal(node.init, scope)) addAliases(node.id, scope);
    }

    function addAliases(target, scope) {
      if (target.type === "Identifier") aliases.set(target.name, walk.scopeOf(target.name, scope));
      if (target.type !== "ObjectPattern") return;
      for (const { key, computed, start } of target.properties) {
        const name = computed ? textOf(key) : key?.name ?? textOf(key);
        if (OF_LAST_MATCH.has(name)) report("last-match", start, `RegExp.${name}`);
      }
    }

    function isTheGlobal(node, scope) {
      if (isNamed(node, "RegExp")) return walk.isFree("RegExp", scope);
      if (node.type === "Identifier") return aliases.has(node.name) && aliases.get(node.name) === walk.scopeOf(node.name, scope);
      return isRegExp(node) && walk.isFree("globalThis", scope);
    }

    function checkPattern(pattern, flags, at, refused) {
      const reason = reasonAgainst(pattern, flags);
      const hazard = reason === "" ? hazardOf(pattern, flags) : "";
      if (reason !== "") report(refused, at, pattern, reason);
      else if (hazard !== "") report(hazard, at, pattern);
    }

    for (const { node, scope } of walk.noted) {
      if (node.type === "MemberExpression") {
        const name = memberOf(node);
        const isOfLast = OF_LAST_MATCH.has(name) && isTheGlobal(node.object, scope);
        if (isOfLast) report("last-match", node.start, `RegExp.${name}`);
      } else if (node.type === "Literal") {
        checkPattern(node.regex.pattern, node.regex.flags, node.start, "regexp");
      } else if ((node.type === "CallExpression" || node.type === "NewExpression") && isTheGlobal(node.callee, scope)) {
        const given = node.arguments;
        const pattern = textOf(given[0]);
        const flags = given.length < 2 ? "" : textOf(given[1]);
        if (pattern !== undefined && flags !== undefined) checkPattern(pattern, flags, node.callee.start, "pattern");
      }
    }
  }

  return { check, isNoted };
}
