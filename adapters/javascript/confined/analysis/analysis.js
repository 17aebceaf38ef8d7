// The analysis of a source at upload: (acorn, parts) => (source, globals) => findings.
//
// It runs in an engine of its own, in which no script ever runs; `globals` has the names of those that scripts find in
// theirs, between commas. What it throws, stack overflow and bugs, means that the source was not analysed.

(acorn, parts) => {
  "use strict";

  const { findings, languages, scopes, spelling, syntax_errors: explain, uses } = parts;

  const OPTIONS = { ecmaVersion: "latest", sourceType: "script" };

  return (source, globals) => {
    const text = source.startsWith("\ufeff") ? source.slice(1) : source;
    const found = findings();
    const report = (kind, at, subject, suggestion = "") => found.add(kind, at, subject, suggestion);
    const host = { globals: new Set(globals.split(",")), nearest: spelling, languages };
    let program;
    try {
      program = acorn.parse(text, OPTIONS);
    } catch (error) {
      if (!(error instanceof SyntaxError) || error.pos === undefined) throw error;
      if (error.message.startsWith("Not enough stack")) report("too-deep", error.pos, "");
      else explain(acorn, OPTIONS, error, text, spelling, report);
      return found.toText(text);
    }
    const walk = scopes(program);
    uses(walk, host, report);
    if (isData(text)) report("json", 0, "");
    else reportProcess(program, walk, report);
    return found.toText(text);
  };

  // An array or a text is a program as well as JSON.
  function isData(text) {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  // Where there is no `process`, the function that was probably meant to be it.
  function reportProcess(program, walk, report) {
    if (walk.global.names.has("process") || walk.defined.has("process")) return;
    const functions = [];
    for (const node of program.body) {
      if (node.type === "FunctionDeclaration") functions.push(node.id);
      if (node.type !== "VariableDeclaration") continue;
      for (const { id, init } of node.declarations) {
        if (init && /Function/.test(init.type) && id.type === "Identifier") functions.push(id);
      }
    }
    const similar = functions.find(({ name }) => spelling(name, ["process"]) !== "");
    const meant = similar ?? (functions.length === 1 ? functions[0] : undefined);
    report("no-process", meant === undefined ? 0 : meant.start, meant === undefined ? "" : meant.name);
  }
}
