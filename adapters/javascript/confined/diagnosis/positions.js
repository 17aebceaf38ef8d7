// The operations of a program that can fail, with the place that the engine reports for each: (acorn, text, isExact) => operations.
//
// The engine knows places only where its compiler notes one (`emit_source_loc` in quickjs.c), and reports for an operation the last
// one noted before it in the bytecode, or the start of the function. This file follows the compiler: it visits a program in the order
// of its bytecode and notes what the compiler notes. `isExact` is for the engine that notes each use of a variable as well.
//
// An operation has `kind`, `node`, `scope` (its function) and `noted`: the offset of the token that was noted, -1 for the start of
// the function. The column of a token is that of the last white space or name before its end (`mark` in quickjs.c).

() => {
  "use strict";

  const isNode = (value) => typeof value === "object" && value !== null && typeof value.type === "string";

  function tokensOf(acorn, text) {
    const tokens = [];
    const program = acorn.parse(text, { ecmaVersion: "latest", sourceType: "script", onToken: tokens });
    const at = new Map();
    for (let i = 0; i < tokens.length; i++) {
      const { start } = tokens[i];
      const isName = /^[\w$]$/.test(text[start]) && !/\d/.test(text[start]);
      const isAdjacent = i > 0 && tokens[i - 1].end === start;
      tokens[i].mark = isName || !isAdjacent ? start : tokens[i - 1].mark;
      at.set(start, i);
    }
    return { program, tokens, at };
  }

  return (acorn, text, isExact) => {
    const { program, tokens, at } = tokensOf(acorn, text);
    const operations = [];
    let scope = program;
    let noted = -1;

    const add = (kind, node, of = node) => operations.push({ kind, node, of, scope, noted });

    function note(index) {
      if (index < tokens.length) noted = tokens[index].mark;
    }

    // The index of the first token from an offset on that is `wanted`.
    function indexFrom(offset, wanted) {
      let low = 0;
      let high = tokens.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (tokens[middle].start < offset) low = middle + 1;
        else high = middle;
      }
      while (low < tokens.length && text.slice(tokens[low].start, tokens[low].end) !== wanted) low++;
      return low;
    }

    function inside(node, visitBody) {
      const around = [scope, noted];
      scope = node;
      noted = -1;
      visitBody();
      [scope, noted] = around;
    }

    function visitAll(nodes) {
      for (const node of nodes) visit(node);
    }

    function visitFunction(node) {
      inside(node, () => {
        for (const parameter of node.params) visitPattern(parameter, parameter);
        visit(node.body);
      });
    }

    // A pattern comes before what is taken apart, `from`, in the bytecode.
    function visitPattern(node, from) {
      switch (node && node.type) {
        case "ObjectPattern":
          add("destructure", node, from);
          for (const one of node.properties) {
            if (one.computed) visit(one.key);
            visitPattern(one.type === "RestElement" ? one.argument : one.value, one.type === "RestElement" ? one : one.value);
          }
          break;
        case "ArrayPattern":
          add("iterate", node, from);
          for (const one of node.elements) if (one !== null) visitPattern(one, one);
          if (isExact) noted = tokens[at.get(node.start)].mark;
          break;
        case "AssignmentPattern":
          visitPattern(node.left, node.left);
          visit(node.right);
          break;
        case "RestElement":
          visitPattern(node.argument, node.argument);
          break;
        case "MemberExpression":
          visitTarget(node);
          add("write", node);
          break;
        default:
      }
    }

    function visitTarget(node) {
      if (node.type === "Identifier") {
        if (isExact) noted = node.start;
      } else if (node.type === "MemberExpression") {
        visit(node.object);
        if (node.computed) visit(node.property);
      } else {
        visit(node);
      }
    }

    const store = (node) => add(node.type === "Identifier" ? "assign" : "write", node);

    const visits = {
      Identifier(node) {
        if (isExact) noted = node.start;
        add("name", node);
      },
      MemberExpression(node) {
        visitTarget(node);
        add("read", node);
      },
      CallExpression(node) {
        visit(node.callee);
        if (node.callee.type !== "Super") note(indexFrom(node.callee.end, "(") + 1);
        visitAll(node.arguments);
        add("call", node);
      },
      NewExpression(node) {
        note(at.get(node.start) + 1);
        visit(node.callee);
        visitAll(node.arguments);
        add("new", node);
      },
      TaggedTemplateExpression(node) {
        visit(node.tag);
        note(at.get(node.quasi.start));
        visit(node.quasi);
        add("call", node);
      },
      BinaryExpression(node) {
        if (node.left.type !== "PrivateIdentifier") visit(node.left);
        if (node.operator !== "**") note(indexFrom(node.left.end, node.operator) + 1);
        visit(node.right);
        add("binary", node);
      },
      AssignmentExpression(node) {
        if (/Pattern$/.test(node.left.type)) {
          visitPattern(node.left, node.right);
          visit(node.right);
          return;
        }
        visitTarget(node.left);
        if (node.operator !== "=" && node.left.type === "MemberExpression") add("read", node.left);
        visit(node.right);
        store(node.left);
      },
      UpdateExpression({ argument }) {
        visitTarget(argument);
        if (argument.type === "MemberExpression") add("read", argument);
        store(argument);
      },
      SpreadElement(node) {
        visit(node.argument);
        add("iterate", node, node.argument);
      },
      YieldExpression(node) {
        if (node.argument) visit(node.argument);
        if (node.delegate) add("iterate", node, node.argument);
      },
      ObjectExpression(node) {
        for (const one of node.properties) {
          if (one.type === "SpreadElement") visit(one.argument);
          else if (one.shorthand) add("name", one.value);
          else {
            if (one.computed) visit(one.key);
            visit(one.value);
          }
        }
      },
      ClassDeclaration: visitClass,
      ClassExpression: visitClass,
      FunctionDeclaration: visitFunction,
      FunctionExpression: visitFunction,
      ArrowFunctionExpression: visitFunction,
      VariableDeclarator(node) {
        if (/Pattern$/.test(node.id.type)) visitPattern(node.id, node.init ?? node.id);
        if (node.init) visit(node.init);
      },
      ExpressionStatement(node) {
        note(at.get(node.start));
        visit(node.expression);
      },
      ThrowStatement(node) {
        note(at.get(node.start) + 1);
        visit(node.argument);
      },
      ForStatement(node) {
        for (const part of [node.init, node.test, node.body, node.update]) if (part) visit(part);
      },
      ForOfStatement(node) {
        visit(node.right);
        add("iterate", node, node.right);
        visitLeft(node.left);
        visit(node.body);
        if (isExact) noted = -2; // of the loop's own start, after which nothing is known
      },
      ForInStatement(node) {
        visit(node.right);
        visitLeft(node.left);
        visit(node.body);
      },
      LabeledStatement: (node) => visit(node.body),
      CatchClause(node) {
        if (node.param) visitPattern(node.param, node.param);
        visit(node.body);
      },
      BreakStatement() {},
      ContinueStatement() {},
      MetaProperty() {},
    };

    function visitLeft(node) {
      const target = node.type === "VariableDeclaration" ? node.declarations[0].id : node;
      if (/Pattern$/.test(target.type)) visitPattern(target, target);
      else if (node.type !== "VariableDeclaration") visitTarget(node);
    }

    function visitClass(node) {
      if (node.superClass) visit(node.superClass);
      for (const one of node.body.body) {
        if (one.computed) visit(one.key);
        if (one.type === "MethodDefinition") visit(one.value);
        else if (one.type === "StaticBlock") inside(one, () => visitAll(one.body));
        else if (one.value) inside(one, () => visit(one.value));
      }
    }

    // In the order of the source, which is that of the bytecode where nothing above says otherwise.
    function visit(node) {
      const own = visits[node.type];
      if (own !== undefined) return own(node);
      for (const name in node) {
        const value = node[name];
        if (Array.isArray(value)) for (const one of value) if (isNode(one)) visit(one);
        if (isNode(value)) visit(value);
      }
    }

    visit(program);
    return { program, operations };
  };
}
