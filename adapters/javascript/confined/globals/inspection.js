// The inspector as the other files use it: text of values as `util.inspect` and `util.format` of Node give it.
//
// The library is in another realm (inspector.js). Scripts' own functions get nothing of that realm: options, errors and
// `inspect` are made anew here.

(lib) => {
  "use strict";

  const { NativeString, apply, defineHidden, defineProperty, defineShown, errors, inspectSymbol, keys } = lib;

  const inspector = lib.newInspector()(lib);

  // A function of the inspector whose errors are this realm's.
  function guarded(code) {
    return (one, other) => {
      try {
        return code(one, other);
      } catch (error) {
        const name = inspector.nameOfOwnError(error);
        if (name === undefined) throw error;
        const { code: errorCode, message } = error;
        const copy = new errors[name](message);
        if (errorCode !== undefined) defineShown(copy, "code", errorCode);
        throw copy;
      }
    };
  }

  const inspectAny = guarded(inspector.inspect);
  const inspect = { inspect(value, options) { return inspectAny(value, options); } }.inspect;
  defineHidden(inspect, "custom", inspectSymbol);

  lib.custom = (code, value, depth, given) => {
    const options = {};
    const names = keys(given);
    for (let i = 0; i < names.length; i++) {
      const one = given[names[i]];
      const own = names[i] === "stylize" ? (text, style) => NativeString(guarded(one)(text, style)) : one;
      defineShown(options, names[i], own);
    }
    return apply(code, value, [depth, options, inspect]);
  };

  lib.inspect = inspect;
  lib.format = guarded(inspector.format);
  lib.stackOf = guarded(inspector.stackOf);
  lib.widthOf = guarded(inspector.width);
  lib.indented = guarded(inspector.indented);
}
