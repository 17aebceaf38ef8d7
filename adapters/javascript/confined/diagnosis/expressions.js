// Expressions of a program in few words, and what is known of them: (text, program, operations) => functions.

() => {
  "use strict";

  const LONGEST = 80;
  const LONGEST_OTHER = 30;
  const isFunction = (node) => node !== null && node !== undefined && /Function|^Class/.test(node.type);

  return (text, program, operations) => {
    // ---- words

    // As Node writes the callee of a call, for instance `data.rows[0].find(...).name`.
    function render(node) {
      const words = renderWhole(node);
      return words.length > LONGEST ? "(intermediate value)" : words;
    }

    function renderWhole(node) {
      switch (node.type) {
        case "Identifier": return node.name;
        case "ThisExpression": return "this";
        case "Super": return "super";
        case "Literal": return node.raw.length > LONGEST ? "(intermediate value)" : node.raw;
        case "ChainExpression": return renderWhole(node.expression);
        case "AwaitExpression": return `(await ${renderWhole(node.argument)})`;
        case "CallExpression": return `${renderWhole(node.callee)}(...)`;
        case "MemberExpression": return renderWhole(node.object) + renderProperty(node);
        default: {
          const words = text.slice(node.start, node.end);
          return words.length > LONGEST_OTHER || /[\n\r\u2028\u2029]/.test(words) ? "(intermediate value)" : words;
        }
      }
    }

    function renderProperty({ computed, optional, property }) {
      const dot = optional ? "?." : ".";
      if (property.type === "PrivateIdentifier") return `${dot}#${property.name}`;
      return computed ? `${optional ? "?." : ""}[${renderWhole(property)}]` : dot + property.name;
    }

    // ---- names

    const declared = new Map(); // of each name, by how many declarations, parameters and assignments it is made
    const functions = new Set();

    function count(name) {
      declared.set(name, (declared.get(name) ?? 0) + 1);
    }

    function countPattern(node) {
      if (node === null) return;
      switch (node.type) {
        case "Identifier": return count(node.name);
        case "AssignmentPattern": return countPattern(node.left);
        case "RestElement": return countPattern(node.argument);
        case "ArrayPattern": return node.elements.forEach(countPattern);
        case "ObjectPattern": return node.properties.forEach((one) => countPattern(one.value ?? one.argument));
        default:
      }
    }

    const process = [];
    let isDynamic = false; // `eval`, `arguments` or `with`: a name may be changed unseen

    function meet(node) {
      if (isFunction(node) && node.params) node.params.forEach(countPattern);
      switch (node.type) {
        case "FunctionDeclaration":
        case "ClassDeclaration":
          count(node.id.name);
          functions.add(node.id.name);
          if (node.id.name === "process") process.push(node);
          break;
        case "VariableDeclarator":
          countPattern(node.id);
          if (isFunction(node.init) && node.id.type === "Identifier") {
            functions.add(node.id.name);
            if (node.id.name === "process") process.push(node.init);
          }
          break;
        case "AssignmentExpression":
          countPattern(node.left);
          if (node.left.name === "process") process.push(node.right);
          break;
        case "UpdateExpression": countPattern(node.argument); break;
        case "ForInStatement": case "ForOfStatement":
          if (node.left.type !== "VariableDeclaration") countPattern(node.left);
          break;
        case "CatchClause": countPattern(node.param); break;
        case "WithStatement": isDynamic = true; break;
        case "Identifier":
          if (node.name === "eval" || node.name === "arguments") isDynamic = true;
          break;
        default:
      }
      for (const name in node) {
        const value = node[name];
        if (Array.isArray(value)) for (const one of value) if (one && typeof one.type === "string") meet(one);
        if (value && typeof value.type === "string") meet(value);
      }
    }
    meet(program);

    const isBuiltin = (name) => !declared.has(name) && Object.hasOwn(globalThis, name);

    // Whether a callee can only be a function: one that is declared and never replaced, or a builtin.
    function isCallable(node) {
      if (node.type === "Identifier") {
        const isOwn = functions.has(node.name) && declared.get(node.name) === 1;
        return isOwn || (isBuiltin(node.name) && typeof globalThis[node.name] === "function");
      }
      if (isFunction(node)) return true;
      if (node.type !== "MemberExpression" || node.computed || node.object.type !== "Identifier") return false;
      const { name } = node.object;
      return isBuiltin(name) && Object(globalThis[name]) === globalThis[name] && typeof globalThis[name][node.property.name] === "function";
    }

    // The name that stands for the dataset: the first parameter of the only `process`, if nothing else has or assigns to that name
    // and nothing but the host calls `process`.
    function nameOfDataset() {
      const parameter = process.length === 1 && process[0].params ? process[0].params[0] : undefined;
      if (parameter === undefined || parameter.type !== "Identifier" || isDynamic) return undefined;
      const isCalled = operations.some(({ kind, node }) => kind === "name" && node.name === "process");
      return declared.get(parameter.name) === 1 && !isCalled ? parameter.name : undefined;
    }

    function rootOf(node) {
      let root = node;
      while (root.type === "MemberExpression" || root.type === "ChainExpression") root = root.object ?? root.expression;
      return root.type === "Identifier" ? root.name : undefined;
    }

    return { render, isCallable, dataset: nameOfDataset(), rootOf };
  };
}
