// Questions about a node of acorn's AST that several parts have: () => the functions that answer them.

"use strict";

() => {
  // The text of a literal, or of a template that has nothing to substitute; undefined of any other node.
  function textOf(node) {
    if (!node) return undefined;
    if (node.type === "TemplateLiteral") return node.quasis.length === 1 ? node.quasis[0].value.cooked : undefined;
    return node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
  }

  // The name of the member that a MemberExpression accesses; "" if only a run knows it.
  function memberOf({ property, computed }) {
    return computed ? textOf(property) ?? "" : property.name;
  }

  const isNamed = (node, name) => node.type === "Identifier" && node.name === name;
  const isMemberOf = (node, name) => node.type === "MemberExpression" && isNamed(node.object, name);

  return { isMemberOf, isNamed, memberOf, textOf };
}
