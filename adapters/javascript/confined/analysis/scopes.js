// The scopes of a program: (acorn's AST, isNoted) => the walk through it, with the free names and the nodes that `isNoted` chose.
//
// The walk keeps its own stack, so no depth of nesting can exhaust the engine's, and visits each node once, in no particular
// order. References are resolved after the walk, since a declaration may follow its uses. Scopes err towards "defined": a
// temporal dead zone is not looked at, and a function in a block counts for the whole function around it (Annex B).

"use strict";

() => {
  const EXPRESSION = 0; // an Identifier here is a reference
  const BINDING = 1; // an Identifier here declares
  const TARGET = 2; // an Identifier here is assigned to

  class Scope {
    constructor(parent, isFunction = false) {
      this.parent = parent;
      this.isFunction = isFunction;
      this.names = new Set();
      this.isStrict = parent !== null && parent.isStrict;
      this.isTried = parent !== null && parent.isTried; // in a `try` that has a handler
      this.isOpaque = false; // `with`, direct `eval`: names in it may be anything
    }

    get ofFunction() {
      let scope = this;
      while (!scope.isFunction) scope = scope.parent;
      return scope;
    }
  }

  // Members of the global object are defined by assignments to any object's member of that name: `this.x = 1`,
  // `root.x = 1` and the like are how programs do it, and too few definitions would mean false findings.
  class Walk {
    constructor(program, isNoted) {
      this.isNoted = isNoted;
      this.global = new Scope(null, true);
      this.reads = []; // each an Identifier and its scope, one after the other
      this.writes = [];
      this.defined = new Set(); // by an assignment
      this.guarded = new Set(); // by `typeof name`
      this.isDynamic = false; // the global object escapes, or code is made of text
      this.noted = [];
      this.waiting = [];
      this.global.isStrict = isStrict(program.body);
      this.visitAll(program.body, this.global);
      while (this.waiting.length > 0) {
        const mode = this.waiting.pop();
        const scope = this.waiting.pop();
        const node = this.waiting.pop();
        steps[node.type](this, node, scope, mode);
      }
      this.noted.sort((one, other) => one.node.end - other.node.end); // findings are bounded, and the first ones count
    }

    // Names, the most frequent nodes, are dealt with at once.
    visit(node, scope, mode = EXPRESSION) {
      if (!node) return;
      if (node.type === "Identifier") this.enterName(node, scope, mode);
      else if (node.type !== "Literal") this.waiting.push(node, scope, mode);
      else if (node.regex !== undefined) this.note(node, scope);
    }

    visitAll(nodes, scope, mode = EXPRESSION) {
      for (let i = 0; i < nodes.length; i++) this.visit(nodes[i], scope, mode);
    }

    note(node, scope) {
      if (this.isNoted(node)) this.noted.push({ node, scope });
    }

    enterName(node, scope, mode) {
      if (mode === BINDING) scope.names.add(node.name);
      else if (mode === TARGET) {
        this.writes.push(node, scope);
        if (!scope.isStrict) this.defined.add(node.name);
      } else {
        this.reads.push(node, scope);
        if (DYNAMIC.has(node.name)) this.isDynamic = true;
      }
    }

    enterFunction(node, outer) {
      let around = outer;
      if (node.type === "FunctionExpression" && node.id) {
        around = new Scope(outer);
        around.names.add(node.id.name);
      }
      const scope = new Scope(around, true);
      scope.isStrict ||= node.body.type === "BlockStatement" && isStrict(node.body.body);
      if (node.type !== "ArrowFunctionExpression") scope.names.add("arguments");
      if (node.type === "FunctionDeclaration" && node.id) {
        outer.names.add(node.id.name);
        if (!outer.isStrict) outer.ofFunction.names.add(node.id.name);
      }
      if (node.body.type === "BlockStatement") this.visitAll(node.body.body, scope);
      else this.visit(node.body, scope);
      this.visitAll(node.params, scope, BINDING);
    }

    enterClass(node, outer) {
      if (node.type === "ClassDeclaration" && node.id) outer.names.add(node.id.name);
      const scope = new Scope(outer);
      scope.isStrict = true;
      if (node.id) scope.names.add(node.id.name);
      this.visit(node.body, scope);
      this.visit(node.superClass, scope);
    }

    // The innermost scope that declares the name; null if none does.
    scopeOf(name, scope) {
      let around = scope;
      while (around !== null && !around.names.has(name)) around = around.parent;
      return around;
    }

    // Whether the name is nobody's in this program where it stands: if anything, then a global of the host's.
    isFree(name, scope) {
      if (this.defined.has(name)) return false;
      for (let around = scope; around !== null; around = around.parent) {
        if (around.isOpaque || around.names.has(name)) return false;
      }
      return true;
    }

    // The free names that a run would miss, in the order of their places, without those that `isKnown` takes.
    free(isKnown) {
      const free = [];
      const add = (references, isWrite) => {
        for (let i = 0; i < references.length; i += 2) {
          const { name, start } = references[i];
          const scope = references[i + 1];
          if (scope.names.has(name) || isWrite && !scope.isStrict || isKnown(name) || this.guarded.has(name)) continue;
          if (this.isFree(name, scope)) free.push({ name, at: start, scope });
        }
      };
      add(this.reads, false);
      add(this.writes, true);
      return free.sort((one, other) => one.at - other.at);
    }
  }

  function isStrict(body) {
    for (const { directive } of body) {
      if (directive === undefined) return false;
      if (directive === "use strict") return true;
    }
    return false;
  }

  const DYNAMIC = new Set(["eval", "Function", "globalThis"]);

  const nothing = () => {};
  const loop = (walk, node, scope) => {
    const inner = new Scope(scope);
    walk.visit(node.body, inner);
    walk.visit(node.right, inner);
    walk.visit(node.left, inner, node.left.type === "VariableDeclaration" ? EXPRESSION : TARGET);
  };
  const key = (walk, node, scope) => node.computed && walk.visit(node.key, scope);
  const argument = (walk, node, scope) => walk.visit(node.argument, scope);
  const body = (walk, node, scope) => walk.visit(node.body, scope);
  const sides = (walk, node, scope) => {
    walk.visit(node.left, scope);
    walk.visit(node.right, scope);
  };
  const condition = (walk, node, scope) => {
    const holds = knownTest(node.test);
    walk.visit(node.test, scope);
    walk.visit(node.consequent, holds === false ? neverEntered(scope) : scope);
    walk.visit(node.alternate, holds === true ? neverEntered(scope) : scope);
  };
  const whileLoop = (walk, node, scope) => {
    walk.visit(node.test, scope);
    walk.visit(node.body, scope);
  };
  const expression = (walk, node, scope) => walk.visit(node.expression, scope);
  const expressions = (walk, node, scope) => walk.visitAll(node.expressions, scope);
  const call = (walk, node, scope) => {
    const { callee } = node;
    walk.note(node, scope);
    walk.visit(callee, scope);
    walk.visitAll(node.arguments, scope);
    if (callee.type === "Identifier" && callee.name === "eval") scope.ofFunction.isOpaque = true;
    if (callee.type === "MemberExpression" && callee.property.name === "defineProperty") {
      const name = node.arguments[1];
      if (name && name.type === "Literal") walk.defined.add(name.value);
    }
  };

  // `typeof globalThis !== "undefined" ? globalThis : global || self` is how bundlers begin: there is a `globalThis` here.
  // Whether such a test holds; undefined of any other test.
  function knownTest({ type, left, right, operator }) {
    if (type !== "BinaryExpression" || left.type !== "UnaryExpression" || left.operator !== "typeof") return undefined;
    if (left.argument.name !== "globalThis" || right.type !== "Literal" || !/^[!=]==?$/.test(operator)) return undefined;
    return (right.value === "object") === (operator[0] === "=");
  }

  function neverEntered(scope) {
    const inner = new Scope(scope);
    inner.isOpaque = true;
    return inner;
  }

  // Every type of node that a script can have, but for Identifier and Literal, which `visit` sees to.
  const steps = {
    __proto__: null,
    ArrayExpression: (walk, node, scope) => walk.visitAll(node.elements, scope),
    AwaitExpression: argument,
    BinaryExpression: sides,
    BlockStatement: (walk, node, scope) => walk.visitAll(node.body, new Scope(scope)),
    BreakStatement: nothing,
    CallExpression: call,
    ChainExpression: expression,
    ClassBody: (walk, node, scope) => walk.visitAll(node.body, scope),
    ConditionalExpression: condition,
    ContinueStatement: nothing,
    DebuggerStatement: nothing,
    DoWhileStatement: whileLoop,
    EmptyStatement: nothing,
    ExpressionStatement: expression,
    ForStatement(walk, node, scope) {
      const inner = new Scope(scope);
      walk.visit(node.init, inner);
      walk.visit(node.test, inner);
      walk.visit(node.update, inner);
      walk.visit(node.body, inner);
    },
    IfStatement: condition,
    ImportExpression(walk, node, scope) {
      walk.note(node, scope);
      walk.visit(node.source, scope);
      walk.visit(node.options, scope);
    },
    LabeledStatement: body,
    LogicalExpression: sides,
    MetaProperty: nothing,
    NewExpression: call,
    ObjectExpression: (walk, node, scope) => walk.visitAll(node.properties, scope),
    PrivateIdentifier: nothing,
    ReturnStatement: argument,
    SequenceExpression: expressions,
    SpreadElement: argument,
    Super: nothing,
    SwitchCase(walk, node, scope) {
      walk.visit(node.test, scope);
      walk.visitAll(node.consequent, scope);
    },
    SwitchStatement(walk, node, scope) {
      walk.visit(node.discriminant, scope);
      walk.visitAll(node.cases, new Scope(scope));
    },
    TaggedTemplateExpression(walk, node, scope) {
      walk.visit(node.tag, scope);
      walk.visit(node.quasi, scope);
    },
    TemplateLiteral: expressions,
    ThisExpression: nothing,
    ThrowStatement: argument,
    UpdateExpression: argument,
    WhileStatement: whileLoop,
    YieldExpression: argument,
    ForInStatement: loop,
    ForOfStatement: loop,
    FunctionDeclaration: (walk, node, scope) => walk.enterFunction(node, scope),
    FunctionExpression: (walk, node, scope) => walk.enterFunction(node, scope),
    ArrowFunctionExpression: (walk, node, scope) => walk.enterFunction(node, scope),
    ClassDeclaration: (walk, node, scope) => walk.enterClass(node, scope),
    ClassExpression: (walk, node, scope) => walk.enterClass(node, scope),
    StaticBlock: (walk, node, scope) => walk.visitAll(node.body, new Scope(scope, true)),
    CatchClause(walk, node, scope) {
      const inner = new Scope(scope);
      walk.visit(node.body, inner);
      walk.visit(node.param, inner, BINDING);
    },
    TryStatement(walk, node, scope) {
      const tried = new Scope(scope);
      tried.isTried = scope.isTried || node.handler !== null;
      walk.visit(node.finalizer, scope);
      walk.visit(node.handler, scope);
      walk.visit(node.block, tried);
    },
    WithStatement(walk, node, scope) {
      const inner = new Scope(scope);
      inner.isOpaque = true;
      walk.visit(node.body, inner);
      walk.visit(node.object, scope);
    },
    VariableDeclaration(walk, node, scope) {
      const target = node.kind === "var" ? scope.ofFunction : scope;
      for (const declarator of node.declarations) {
        const { id, init } = declarator;
        walk.visit(init, scope);
        if (init !== null) walk.note(declarator, scope);
        if (id.type === "Identifier") target.names.add(id.name);
        else declare(walk, id, target, scope);
      }
    },
    AssignmentExpression(walk, node, scope) {
      walk.visit(node.right, scope);
      walk.visit(node.left, scope, node.operator === "=" ? TARGET : EXPRESSION);
      if (node.operator !== "=" && node.left.type === "MemberExpression") define(walk, node.left);
    },
    ObjectPattern: (walk, node, scope, mode) => walk.visitAll(node.properties, scope, mode),
    ArrayPattern: (walk, node, scope, mode) => walk.visitAll(node.elements, scope, mode),
    RestElement: (walk, node, scope, mode) => walk.visit(node.argument, scope, mode),
    AssignmentPattern(walk, node, scope, mode) {
      walk.visit(node.right, scope);
      walk.visit(node.left, scope, mode);
    },
    Property(walk, node, scope, mode) {
      key(walk, node, scope);
      walk.visit(node.value, scope, mode);
    },
    MethodDefinition(walk, node, scope) {
      key(walk, node, scope);
      walk.visit(node.value, scope);
    },
    PropertyDefinition(walk, node, scope) {
      key(walk, node, scope);
      walk.visit(node.value, new Scope(scope, true));
    },
    MemberExpression(walk, node, scope, mode) {
      walk.note(node, scope);
      if (mode === TARGET) define(walk, node);
      const isOfGlobal = node.object.type === "Identifier" && node.object.name === "globalThis" && !node.computed;
      if (!isOfGlobal) walk.visit(node.object, scope);
      if (node.computed) walk.visit(node.property, scope);
    },
    UnaryExpression(walk, node, scope) {
      const { argument } = node;
      if (argument.type !== "Identifier") walk.visit(argument, scope);
      else if (node.operator === "typeof") walk.guarded.add(argument.name);
      else if (node.operator !== "delete") walk.visit(argument, scope);
    },
  };

  // A `var` in a block declares in the function, and its defaults are evaluated in the block.
  function declare(walk, id, target, scope) {
    const names = [id];
    while (names.length > 0) {
      const node = names.pop();
      if (node === null) continue;
      if (node.type === "Identifier") target.names.add(node.name);
      else if (node.type === "AssignmentPattern") {
        walk.visit(node.right, scope);
        names.push(node.left);
      } else if (node.type === "Property") {
        key(walk, node, scope);
        names.push(node.value);
      } else if (node.type === "RestElement") names.push(node.argument);
      else for (const one of node.type === "ArrayPattern" ? node.elements : node.properties) names.push(one);
    }
  }

  function define(walk, { property, computed }) {
    if (!computed) walk.defined.add(property.name);
    else if (property.type === "Literal") walk.defined.add(property.value);
  }

  return (program, isNoted) => new Walk(program, isNoted);
}
