// Uses of what exists elsewhere and not here: ({ languages, nodes, spelling }) => `isNoted`, which chooses nodes for the walk (scopes.js) to
// note, and `check`: (walk, globals, report) => nothing; `report(kind, at, subject, suggestion)`.
//
// `globals` has the names of those that scripts find.

"use strict";

({ languages: languagesOf, nodes, spelling: nearest }) => {
  const { isMemberOf, isNamed, memberOf } = nodes;

  const OF_LANGUAGES = new Set(["toLocaleString", "toLocaleDateString", "toLocaleTimeString", "localeCompare"]);
  const WITH_LOCALE = new Set([...OF_LANGUAGES, "toLocaleUpperCase", "toLocaleLowerCase"]);
  const OF_NODES_PROCESS = new Set([
    "argv", "cwd", "env", "exit", "hrtime", "memoryUsage", "nextTick", "on", "pid", "platform", "stderr", "stdin", "stdout",
    "uptime", "version", "versions",
  ]);
  const KEYWORDS = [
    "async", "await", "break", "class", "const", "continue", "debugger", "delete", "else", "false", "function", "new", "null",
    "return", "super", "switch", "this", "throw", "true", "typeof", "var", "void", "while", "yield",
  ];
  const MOST_SUGGESTIONS = 20;

  function isNoted(node) {
    if (node.type === "MemberExpression") {
      const { object } = node;
      return OF_LANGUAGES.has(memberOf(node)) || isNamed(object, "process") || isNamed(object, "Intl") || isMemberOf(object, "process");
    }
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return node.type === "ImportExpression";
    const { callee } = node;
    return callee.type === "MemberExpression"
      && (isNamed(callee.object, "process") || isNamed(callee.object, "Intl") || WITH_LOCALE.has(memberOf(callee)));
  }

  function check(walk, globals, report) {
    const isOfProcess = (node, scope) => isMemberOf(node, "process") && isScripts(scope)
      && OF_NODES_PROCESS.has(memberOf(node)) && !walk.defined.has(memberOf(node));

    // Whether `process` is the script's own there, rather than a parameter or a variable of a function.
    function isScripts(scope) {
      const owner = walk.scopeOf("process", scope);
      return owner === null || owner.parent === null;
    }

    const isIntl = (node, scope) => isNamed(node, "Intl") && walk.isFree("Intl", scope);
    const languages = languagesOf(report);

    // `process.env` alone asks whether there is one; only its members, or a call of it, need it.
    const asked = new Map();
    const needed = new Set();

    function checkMember(node, scope) {
      const name = memberOf(node);
      if (OF_LANGUAGES.has(name)) languages.use(node.property.start, name);
      if (isIntl(node.object, scope)) {
        languages.use(node.start, "Intl");
        if (name !== "") languages.member(node.start, name);
      }
      if (isOfProcess(node.object, scope) && !node.optional) needed.add(node.object);
      if (isOfProcess(node, scope)) asked.set(node, scope);
    }

    function reportProcess() {
      const guarded = new Set();
      for (const node of asked.keys()) if (!needed.has(node)) guarded.add(memberOf(node));
      for (const [node, scope] of asked) {
        if (guarded.has(memberOf(node)) && walk.guarded.has("process")) continue;
        const isCertain = !guarded.has(memberOf(node)) && !scope.isTried && !walk.isDynamic;
        report(isCertain ? "absent" : "undefined", node.start, `process.${memberOf(node)}`);
      }
    }

    function checkCall({ type, callee, arguments: given, optional }, scope) {
      if (callee.type !== "MemberExpression") return;
      if (type === "CallExpression" && !optional && isOfProcess(callee, scope)) needed.add(callee);
      languages.call(memberOf(callee), given, isIntl(callee.object, scope));
    }

    for (const { node, scope } of walk.noted) {
      if (node.type === "MemberExpression") checkMember(node, scope);
      else if (node.type === "ImportExpression") report("import-call", node.start, "import");
      else if (node.type === "CallExpression" || node.type === "NewExpression") checkCall(node, scope);
    }
    reportProcess();

    // Code that makes globals in ways that only a run knows may well define a name that resembles no other.
    function kindOf(scope, suggestion) {
      if (walk.isDynamic && suggestion === "") return "unsure";
      return scope.isTried || walk.isDynamic ? "undefined" : "absent";
    }

    const meant = new Map();
    const isKnown = (name) => name === "process" || name !== "Intl" && globals.has(name);
    for (const { name, at, scope } of walk.free(isKnown)) {
      if (name === "Intl") {
        languages.use(at, name);
        continue;
      }
      if (!meant.has(name)) {
        meant.set(name, meant.size < MOST_SUGGESTIONS ? nearest(name, namesAround(scope, walk.defined, globals)) : "");
      }
      report(kindOf(scope, meant.get(name)), at, name, meant.get(name));
    }
    languages.finish();
  }

  function* namesAround(scope, defined, globals) {
    for (let around = scope; around !== null; around = around.parent) yield* around.names;
    for (const name of defined) if (typeof name === "string") yield name;
    yield "process";
    yield* KEYWORDS;
    yield* globals;
  }

  return { check, isNoted };
}
