// acorn's parser, tuned: ({ acorn }) => a subclass of `acorn.Parser`.
//
// It gives the same trees and the same errors (test_parser.py compares), in about half of the time on this engine, and in
// time that is linear in the source. The hot methods are replaced by ones that look up nothing in large objects, make
// nothing that is thrown away, and take the common case first; each hands every other case on to acorn's own.

"use strict";

({ acorn }) => {
  const BLANK = 32;
  const LINE_FEED = 10;
  const BACKSLASH = 92;
  const STRICT = "use strict";

  // As acorn numbers them.
  const LEXICAL = 2;
  const FUNCTION = 3;
  const CAUGHT = 4;
  const IS_VARS = 1 | 2 | 256; // scopes that `var` declares in: of scripts, functions, static blocks
  const IS_CATCHS = 32;

  // What a name is declared as, in one number.
  const AS_VAR = 1;
  const AS_LEXICAL = 2;
  const AS_FUNCTION = 4;

  const NO_STRING_END = { 34: /[^"\\\r\n]*/y, 39: /[^'\\\r\n]*/y };
  const LINE = /[^\r\n\u2028\u2029]*/y;
  const BLANKS = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y;
  const LITERAL = /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/y;
  const CONTINUATION = /[(`.[+\-/*%<>=,?^&]|!=|in(?:stanceof)?(?![\p{ID_Continue}$\u200c\u200d\\])/uy;
  const LINE_BREAK = /[\r\n\u2028\u2029]/;

  const SPECIAL = "async await yield arguments enum implements interface let package private protected public static";

  const ARROW_FUNCTION = "ArrowFunctionExpression";

  class Node {
    constructor(start) {
      this.type = "";
      this.start = start;
      this.end = 0;
    }
  }

  class Scope {
    constructor(flags) {
      this.flags = flags;
      this.names = undefined; // a Map, once there is one
      this.caught = undefined;
    }
  }

  // The end of what a sticky expression matches, which may be nothing.
  function after(expression, text, at) {
    expression.lastIndex = at;
    expression.test(text);
    return expression.lastIndex;
  }

  const { keywordTypes, tokTypes, Parser } = acorn;
  const own = Parser.prototype;
  const {
    arrow: ARROW, backQuote: BACK_QUOTE, braceR: BRACE_R, bracketL: BRACKET_L, colon: COLON, dot: DOT, eof: EOF, eq: EQUALS,
    name: NAME, num: NUMBER, parenL: PAREN_L, privateId: PRIVATE, question: QUESTION, questionDot: QUESTION_DOT,
    starstar: STAR_STAR, string: STRING,
  } = tokTypes;
  const keywords = new Map(Object.entries(keywordTypes));
  const special = new Set([...keywords.keys(), ...SPECIAL.split(" ")]);

  // By the code of an ASCII character: whether a word may go on with it, or begin; and tokens of one character.
  const isWord = new Uint8Array(128);
  const beginsWord = new Uint8Array(128);
  for (const one of "$_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") beginsWord[one.charCodeAt(0)] = 1;
  for (const one of "0123456789") isWord[one.charCodeAt(0)] = 1;
  for (let code = 0; code < 128; code++) if (beginsWord[code]) isWord[code] = 1;
  const signs = new Array(128).fill(undefined);
  for (const { label } of [tokTypes.parenL, tokTypes.parenR, tokTypes.semi, tokTypes.comma, tokTypes.bracketL,
    tokTypes.bracketR, tokTypes.braceL, tokTypes.braceR, tokTypes.colon]) {
    signs[label.charCodeAt(0)] = Object.values(tokTypes).find((type) => type.label === label);
  }

  class Tuned extends Parser {}

  const methods = {
    next(isEscapeIgnored) {
      if (this.containsEsc) return own.next.call(this, isEscapeIgnored);
      this.lastTokEnd = this.end;
      this.lastTokStart = this.start;
      this.nextToken();
    },

    nextToken() {
      const context = this.context[this.context.length - 1];
      if (context === undefined || context.preserveSpace) return own.nextToken.call(this);
      const { input } = this;
      let at = this.pos;
      let code = input.charCodeAt(at);
      while (code === BLANK || code === LINE_FEED) code = input.charCodeAt(++at);
      const isWordStart = beginsWord[code];
      const sign = signs[code];
      if (isWordStart !== 1 && sign === undefined) {
        this.pos = at;
        return own.nextToken.call(this);
      }
      this.start = at;
      const before = this.type;
      if (isWordStart !== 1) {
        this.pos = this.end = at + 1;
        this.type = sign;
        this.value = undefined;
        if (sign.updateContext) sign.updateContext.call(this, before);
        else this.exprAllowed = sign.beforeExpr;
        return;
      }
      let end = at + 1;
      while (isWord[code = input.charCodeAt(end)] === 1) end++;
      this.pos = at;
      if (code === BACKSLASH || code > 127) return this.readWord();
      this.containsEsc = false;
      this.pos = this.end = end;
      const word = input.slice(at, end);
      this.value = word;
      const type = keywords.get(word);
      if (type === undefined) {
        this.type = NAME;
        this.exprAllowed = before !== DOT
          && (word === "of" && !this.exprAllowed || word === "yield" && this.inGeneratorContext());
      } else {
        this.type = type;
        this.updateContext(before);
      }
    },

    readString(quote) {
      const { input } = this;
      const end = after(NO_STRING_END[quote], input, this.pos + 1);
      if (input.charCodeAt(end) !== quote) return own.readString.call(this, quote);
      const value = input.slice(this.pos + 1, end);
      this.pos = end + 1;
      this.finishToken(STRING, value);
    },

    skipLineComment(length) {
      this.pos = after(LINE, this.input, this.pos + length);
    },

    canInsertSemicolon() {
      const { type } = this;
      return type === EOF || type === BRACE_R
        || this.lastTokEnd !== this.start && LINE_BREAK.test(this.input.slice(this.lastTokEnd, this.start));
    },

    startNode() { return new Node(this.start); },
    startNodeAt(start) { return new Node(start); },
    finishNode(node, type) {
      node.type = type;
      node.end = this.lastTokEnd;
      return node;
    },
    finishNodeAt(node, type, end) {
      node.type = type;
      node.end = end;
      return node;
    },

    parseIdent(isAnyName) {
      if (this.type !== NAME) return own.parseIdent.call(this, isAnyName);
      const node = new Node(this.start);
      const name = this.value;
      node.name = name;
      this.next(!!isAnyName);
      node.type = "Identifier";
      node.end = this.lastTokEnd;
      if (!isAnyName && special.has(name)) {
        own.checkUnreserved.call(this, node);
        if (name === "await" && !this.awaitIdentPos) this.awaitIdentPos = node.start;
      }
      return node;
    },

    checkUnreserved(reference) {
      if (special.has(reference.name)) own.checkUnreserved.call(this, reference);
    },

    // An expression that begins with a name or a literal never touches `errors`, which are about `{` and `(`.
    parseMaybeAssign(forInit, errors, hook) {
      const { start, type } = this;
      if (!this.isPlain() || hook) return own.parseMaybeAssign.call(this, forInit, errors, hook);
      if (type === NAME) {
        this.potentialArrowAt = start;
        this.potentialArrowInForAwait = forInit === "await";
      }
      const left = this.parseMaybeConditional(forInit, null);
      return this.type.isAssign ? this.parseAssignment(left, start, forInit, errors) : left;
    },

    isPlain() {
      const { type } = this;
      return type === NAME && !special.has(this.value) || type === STRING || type === NUMBER;
    },

    parseAssignment(target, start, forInit, errors) {
      if (errors) errors.parenthesizedAssign = errors.trailingComma = -1;
      const node = new Node(start);
      node.operator = this.value;
      if (this.type === EQUALS) {
        node.left = this.toAssignable(target, false, errors);
        this.checkLValPattern(node.left);
      } else {
        this.checkLValSimple(target);
        node.left = target;
      }
      this.next();
      node.right = this.parseMaybeAssign(forInit);
      return this.finishNode(node, "AssignmentExpression");
    },

    parseMaybeConditional(forInit, errors) {
      const { start } = this;
      let node = this.parseMaybeUnary(errors, false, false, forInit);
      if (errors && this.checkExpressionErrors(errors) || node.start === start && node.type === ARROW_FUNCTION) return node;
      if (this.type.binop !== null) {
        node = this.parseExprOp(node, start, undefined, -1, forInit);
        if (errors && this.checkExpressionErrors(errors)) return node;
      }
      return this.type === QUESTION ? this.parseConditional(node, start, forInit) : node;
    },

    parseConditional(test, start, forInit) {
      const node = new Node(start);
      this.next();
      node.test = test;
      node.consequent = this.parseMaybeAssign();
      this.expect(COLON);
      node.alternate = this.parseMaybeAssign(forInit);
      return this.finishNode(node, "ConditionalExpression");
    },

    parseMaybeUnary(errors, isUnary, incDec, forInit) {
      const { type, start } = this;
      if (type.prefix || type === PRIVATE || type === NAME && this.value === "await") {
        return own.parseMaybeUnary.call(this, errors, isUnary, incDec, forInit);
      }
      let node = this.parseExprSubscripts(errors, forInit);
      if (errors && this.checkExpressionErrors(errors)) return node;
      while (this.type.postfix && !this.canInsertSemicolon()) node = this.parsePostfix(node, start);
      const isArrow = node.start === start && node.type === ARROW_FUNCTION;
      if (this.type !== STAR_STAR || incDec || isArrow) return node;
      this.next();
      if (isUnary) this.unexpected(this.lastTokStart);
      return this.buildBinary(start, undefined, node, this.parseMaybeUnary(null, false, false, forInit), "**", false);
    },

    parsePostfix(argument, start) {
      const node = new Node(start);
      node.operator = this.value;
      node.prefix = false;
      node.argument = argument;
      this.checkLValSimple(argument);
      this.next();
      return this.finishNode(node, "UpdateExpression");
    },

    parseExprSubscripts(errors, forInit) {
      if (!this.isPlain()) return own.parseExprSubscripts.call(this, errors, forInit);
      const { start } = this;
      const node = this.parseExprAtom(null, forInit);
      if (node.type === ARROW_FUNCTION && this.input[this.lastTokStart] !== ")") return node;
      return this.parseSubscripts(node, start, undefined, false, forInit);
    },

    parseExprAtom(errors, forInit, forNew) {
      const { start, type } = this;
      if (!this.isPlain()) return own.parseExprAtom.call(this, errors, forInit, forNew);
      if (type !== NAME) return this.parseLiteral(this.value);
      const mayBeArrow = this.potentialArrowAt === start;
      const name = this.parseIdent(false);
      if (this.type !== ARROW || !mayBeArrow || this.canInsertSemicolon()) return name;
      this.next();
      return this.parseArrowExpression(new Node(start), [name], false, forInit);
    },

    parseSubscripts(first, start, place, noCalls, forInit) {
      let base = first;
      while (!(base.type === "Identifier" && base.name === "async")) {
        const { type } = this;
        if (type === DOT) base = this.parseMember(base, start);
        else if (type === BRACKET_L || type === PAREN_L && !noCalls) {
          base = own.parseSubscript.call(this, base, start, place, noCalls, false, false, forInit);
        } else if (type !== QUESTION_DOT && type !== BACK_QUOTE) return base;
        else break;
      }
      return own.parseSubscripts.call(this, base, start, place, noCalls, forInit);
    },

    parseMember(object, start) {
      const node = new Node(start);
      node.object = object;
      this.next();
      const isPrivate = this.type === PRIVATE && object.type !== "Super";
      node.property = isPrivate ? this.parsePrivateIdent() : this.parseIdent(true);
      node.computed = false;
      node.optional = false;
      return this.finishNode(node, "MemberExpression");
    },

    enterScope(flags) { this.scopeStack.push(new Scope(flags)); },

    declareName(name, binding, at) {
      const scopes = this.scopeStack;
      let scope = scopes[scopes.length - 1];
      if (binding === LEXICAL) {
        if (declared(scope, name) !== 0) this.raiseTwice(name, at);
        declare(scope, name, AS_LEXICAL);
      } else if (binding === CAUGHT) {
        if (scope.names === undefined) scope.caught = name;
        declare(scope, name, AS_LEXICAL);
      } else if (binding === FUNCTION) {
        const clashing = this.treatFunctionsAsVarInScope(scope) ? AS_LEXICAL : AS_LEXICAL | AS_VAR;
        if ((declared(scope, name) & clashing) !== 0) this.raiseTwice(name, at);
        declare(scope, name, AS_FUNCTION);
      } else {
        for (let i = scopes.length - 1; i >= 0; i--) {
          scope = scopes[i];
          const known = declared(scope, name);
          const isCaught = (scope.flags & IS_CATCHS) !== 0 && scope.caught === name;
          if ((known & AS_LEXICAL) !== 0 && !isCaught) this.raiseTwice(name, at);
          if ((known & AS_FUNCTION) !== 0 && !this.treatFunctionsAsVarInScope(scope)) this.raiseTwice(name, at);
          declare(scope, name, AS_VAR);
          if ((scope.flags & IS_VARS) !== 0) break;
        }
      }
    },

    raiseTwice(name, at) { this.raiseRecoverable(at, `Identifier '${name}' has already been declared`); },

    // Whether a prologue of directives has "use strict". Unlike acorn's, it never copies the rest of the source.
    strictDirective(start) {
      const { input } = this;
      for (let at = start; ;) {
        at = after(BLANKS, input, at);
        const quote = input.charCodeAt(at);
        if (quote !== 34 && quote !== 39) return false;
        const end = after(LITERAL, input, at);
        if (end <= at) return false;
        const next = after(BLANKS, input, end);
        if (end - at === STRICT.length + 2 && input.slice(at + 1, end - 1) === STRICT) {
          const sign = input[next];
          if (sign === ";" || sign === "}") return true;
          return LINE_BREAK.test(input.slice(end, next)) && after(CONTINUATION, input, next) <= next;
        }
        at = input[next] === ";" ? next + 1 : next;
      }
    },
  };

  function declared(scope, name) {
    return scope.names === undefined ? 0 : scope.names.get(name) ?? 0;
  }

  function declare(scope, name, as) {
    if (scope.names === undefined) scope.names = new Map();
    scope.names.set(name, (scope.names.get(name) ?? 0) | as);
  }

  for (const [name, method] of Object.entries(methods)) Tuned.prototype[name] = method;
  return Tuned;
}
