// The scopes of a program: (acorn's AST) => the walk through it, with the free names and the nodes that other parts look at.
//
// The walk keeps its own stack, so no depth of nesting can exhaust the engine's. References are resolved after the walk,
// since a declaration may follow its uses. Scopes err towards "defined": a temporal dead zone is not looked at, and a
// function in a block counts for the whole function around it (Annex B).

() => {
  "use strict";

  const EXPRESSION = 0; // an Identifier here is a reference
  const BINDING = 1; // an Identifier here declares
  const TARGET = 2; // an Identifier here is assigned to
  const NOTED = new Set(["CallExpression", "ImportExpression", "Literal", "MemberExpression", "NewExpression"]);

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
    constructor(program) {
      this.global = new Scope(null, true);
      this.references = [];
      this.defined = new Set(); // by an assignment
      this.guarded = new Set(); // by `typeof name`
      this.isDynamic = false; // the global object escapes, or code is made of text
      this.noted = [];
      this.waiting = [program, this.global, EXPRESSION];
      this.global.isStrict = isStrict(program.body);
      while (this.waiting.length > 0) {
        const mode = this.waiting.pop();
        const scope = this.waiting.pop();
        this.enter(this.waiting.pop(), scope, mode);
      }
    }

    visit(node, scope, mode = EXPRESSION) {
      if (node) this.waiting.push(node, scope, mode);
    }

    visitAll(nodes, scope, mode = EXPRESSION) {
      for (let i = nodes.length - 1; i >= 0; i--) this.visit(nodes[i], scope, mode);
    }

    visitChildren(node, scope, except = "") {
      for (const name in node) {
        const child = node[name];
        if (name === except || child === null || typeof child !== "object") continue;
        if (Array.isArray(child)) this.visitAll(child, scope);
        else if (typeof child.type === "string") this.visit(child, scope);
      }
    }

    enter(node, scope, mode) {
      if (NOTED.has(node.type)) this.noted.push({ node, scope });
      const step = steps[node.type];
      if (step === undefined) this.visitChildren(node, scope);
      else step(this, node, scope, mode);
    }

    refer(node, scope, isWrite = false) {
      this.references.push({ name: node.name, at: node.start, scope, isWrite });
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

    // Whether the name is nobody's in this program where it stands: if anything, then a global of the host's.
    isFree(name, scope) {
      if (this.defined.has(name)) return false;
      for (let around = scope; around !== null; around = around.parent) {
        if (around.isOpaque || around.names.has(name)) return false;
      }
      return true;
    }

    free() {
      const free = this.references.filter(({ name, scope, isWrite }) => {
        return !(isWrite && !scope.isStrict) && !this.guarded.has(name) && this.isFree(name, scope);
      });
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

  const block = (walk, node, scope) => walk.visitChildren(node, new Scope(scope));
  const loop = (walk, node, scope) => {
    const inner = new Scope(scope);
    walk.visit(node.body, inner);
    walk.visit(node.right, inner);
    walk.visit(node.left, inner, node.left.type === "VariableDeclaration" ? EXPRESSION : TARGET);
  };
  const key = (walk, node, scope) => node.computed && walk.visit(node.key, scope);
  const nothing = () => {};

  const steps = {
    Identifier(walk, node, scope, mode) {
      if (mode === BINDING) scope.names.add(node.name);
      else walk.refer(node, scope, mode === TARGET);
      if (mode === TARGET && !scope.isStrict) walk.defined.add(node.name);
      if (mode === EXPRESSION && (node.name === "eval" || node.name === "Function" || node.name === "globalThis")) {
        walk.isDynamic = true;
      }
    },
    BlockStatement: block,
    ForStatement: block,
    SwitchStatement: block,
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
      for (const { id, init } of node.declarations) {
        walk.visit(init, scope);
        declare(walk, id, target, scope);
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
      if (mode === TARGET) define(walk, node);
      const isOfGlobal = node.object.type === "Identifier" && node.object.name === "globalThis" && !node.computed;
      if (!isOfGlobal) walk.visit(node.object, scope);
      if (node.computed) walk.visit(node.property, scope);
    },
    CallExpression(walk, node, scope) {
      const { callee } = node;
      if (callee.type === "Identifier" && callee.name === "eval") scope.ofFunction.isOpaque = true;
      if (callee.type === "MemberExpression" && callee.property.name === "defineProperty") {
        const name = node.arguments[1];
        if (name && name.type === "Literal") walk.defined.add(name.value);
      }
      walk.visitChildren(node, scope);
    },
    UnaryExpression(walk, node, scope) {
      const { argument } = node;
      if (argument.type !== "Identifier") walk.visit(argument, scope);
      else if (node.operator === "typeof") walk.guarded.add(argument.name);
      else if (node.operator !== "delete") walk.refer(argument, scope);
    },
    MetaProperty: nothing,
    BreakStatement: nothing,
    ContinueStatement: nothing,
    LabeledStatement: (walk, node, scope) => walk.visit(node.body, scope),
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

  return (program) => new Walk(program);
}
