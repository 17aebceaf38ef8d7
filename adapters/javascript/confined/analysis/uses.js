// Uses of what exists elsewhere and not here: (walk, host, report) => nothing; `report(kind, at, subject, suggestion)`.
//
// `host` has the names of the globals that scripts find, `nearest` (spelling.js) and `languages` (languages.js).

() => {
  "use strict";

  const OF_LANGUAGES = new Set(["toLocaleString", "toLocaleDateString", "toLocaleTimeString", "localeCompare"]);
  const OF_LAST_MATCH = new Set([
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$_", "$&", "$+", "$`", "$'",
    "input", "lastMatch", "lastParen", "leftContext", "rightContext",
  ]);
  const OF_NODES_PROCESS = new Set([
    "argv", "cwd", "env", "exit", "hrtime", "memoryUsage", "nextTick", "on", "pid", "platform", "stderr", "stdin", "stdout",
    "uptime", "version", "versions",
  ]);
  const MOST_SUGGESTIONS = 20;

  // Flag `v` is recent: an engine that fails here gives other results than Node in more places than this one.
  const readsSets = isPattern("[\\p{L}--[a-z]]", "v") && !isPattern("\\2", "v");

  function isPattern(pattern, flags) {
    try {
      return new RegExp(pattern, flags) !== null;
    } catch {
      return false;
    }
  }

  function memberOf({ property, computed }) {
    if (!computed) return property.name;
    return property.type === "Literal" && typeof property.value === "string" ? property.value : "";
  }

  function textOf(node) {
    return node && node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
  }

  return (walk, host, report) => {
    const isGlobal = (node, name, scope) => node.type === "Identifier" && node.name === name && walk.isFree(name, scope);
    const isOfProcess = (node, scope) => node.type === "MemberExpression" && node.object.type === "Identifier"
      && node.object.name === "process" && isScripts(scope) && OF_NODES_PROCESS.has(memberOf(node))
      && !walk.defined.has(memberOf(node));

    // Whether `process` is the script's own there, rather than a parameter or a variable of a function.
    function isScripts(scope) {
      let around = scope;
      while (around.parent !== null && !around.names.has("process")) around = around.parent;
      return around.parent === null;
    }

    function checkPattern(pattern, flags, at, refused) {
      if (!isPattern(pattern, flags)) report(refused, at, pattern, reasonAgainst(pattern, flags));
      else if (flags.includes("v") && !readsSets) report("v-flag", at, pattern);
    }

    const languages = host.languages(report);

    // `process.env` alone asks whether there is one; only its members, or a call of it, need it.
    const asked = new Map();
    const needed = new Set();

    function checkMember(node, scope) {
      const name = memberOf(node);
      if (OF_LANGUAGES.has(name)) languages.use(node.property.start, name);
      if (name !== "" && isGlobal(node.object, "Intl", scope)) languages.member(node.start, name);
      if (OF_LAST_MATCH.has(name) && isGlobal(node.object, "RegExp", scope)) report("last-match", node.start, `RegExp.${name}`);
      if (isOfProcess(node.object, scope) && !node.optional) needed.add(node.object);
      if (isOfProcess(node, scope)) asked.set(node, scope);
    }

    function reportProcess() {
      const guarded = new Set();
      for (const node of asked.keys()) if (!needed.has(node)) guarded.add(memberOf(node));
      for (const [node, scope] of asked) {
        const isCertain = !guarded.has(memberOf(node)) && !scope.isTried && !walk.isDynamic;
        report(isCertain ? "absent" : "undefined", node.start, `process.${memberOf(node)}`);
      }
    }

    function checkCall({ callee, arguments: given, optional }, scope) {
      if (isOfProcess(callee, scope) && !optional) needed.add(callee);
      if (callee.type === "MemberExpression") languages.call(memberOf(callee), given, isGlobal(callee.object, "Intl", scope));
      const pattern = isGlobal(callee, "RegExp", scope) ? textOf(given[0]) : undefined;
      const flags = given.length < 2 ? "" : textOf(given[1]);
      if (pattern !== undefined && flags !== undefined) checkPattern(pattern, flags, callee.start, "pattern");
    }

    const checks = {
      MemberExpression: checkMember,
      CallExpression: checkCall,
      NewExpression: checkCall,
      ImportExpression: (node) => report("import-call", node.start, "import"),
      Literal({ regex, start }) {
        if (regex) checkPattern(regex.pattern, regex.flags, start, "regexp");
      },
    };
    walk.noted.sort((one, other) => one.node.end - other.node.end);
    for (const { node, scope } of walk.noted) checks[node.type](node, scope);
    reportProcess();

    let suggestions = 0;
    const nearest = new Map();
    for (const { name, at, scope } of walk.free()) {
      if (name === "Intl") languages.use(at, name);
      if (host.globals.has(name) || name === "process") continue;
      if (!nearest.has(name)) {
        nearest.set(name, suggestions++ < MOST_SUGGESTIONS ? host.nearest(name, namesAround(scope, host.globals)) : "");
      }
      report(scope.isTried || walk.isDynamic ? "undefined" : "absent", at, name, nearest.get(name));
    }
    languages.finish();
  };

  function reasonAgainst(pattern, flags) {
    try {
      new RegExp(pattern, flags);
    } catch ({ message }) {
      return message;
    }
    return "";
  }

  function* namesAround(scope, globals) {
    for (let around = scope; around !== null; around = around.parent) yield* around.names;
    yield "process";
    yield* globals;
  }
}
