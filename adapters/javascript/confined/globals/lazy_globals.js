// The globals that exist from the start and are made when a script first asks for them, by the file that defines them.
//
// A function is one that calls what the file has. Any other value is a property with accessors, which the value replaces
// once it is there; to a script that asks for its descriptor first it shows them. A script that assigns to it, deletes it
// or declares a function or a variable of its name replaces it without ever having it made.

(lib, host) => {
  "use strict";

  const { apply, defineProperty, getOwnPropertyDescriptor, keys, need } = lib;
  lib.host = host;

  const values = { __proto__: null };
  const accessors = { __proto__: null };

  lib.settle = (name, value) => {
    values[name] = value;
    const present = getOwnPropertyDescriptor(globalThis, name);
    if (present === undefined || !present.configurable || accessors[name] === undefined || present.get !== accessors[name]) return;
    replace(globalThis, name, value, present.enumerable);
  };

  function replace(holder, name, value, enumerable) {
    defineProperty(holder, name, { __proto__: null, value, writable: true, enumerable, configurable: true });
  }

  function declare(file, names, enumerable) {
    for (const name of names.split(" ")) {
      const { get, set } = getOwnPropertyDescriptor({
        get value() {
          need(file);
          return values[name];
        },
        set value(value) {
          replace(this, name, value, this === globalThis ? enumerable : true);
        },
      }, "value");
      accessors[name] = get;
      defineProperty(globalThis, name, { __proto__: null, get, set, enumerable, configurable: true });
    }
  }

  declare("dom_exception", "DOMException", false);
  declare("text_encoding", "TextEncoder TextDecoder", false);
  declare("url", "URL", false);
  declare("url_search_params", "URLSearchParams", false);
  declare("crypto", "crypto", true);
  declare("crypto", "Crypto SubtleCrypto", false);

  function call(file, name, self, given) {
    need(file);
    return apply(values[name], self, given);
  }

  const functions = { // Node names three of a callback's arguments, and so has a length of four or five
    __proto__: null,
    atob(input) { return call("base64", "atob", this, arguments); },
    btoa(input) { return call("base64", "btoa", this, arguments); },
    structuredClone() { return call("structured_clone", "structuredClone", this, arguments); },
    setTimeout(callback, after, arg1, arg2, arg3) { return call("timers", "setTimeout", this, arguments); },
    setInterval(callback, repeat, arg1, arg2, arg3) { return call("timers", "setInterval", this, arguments); },
    setImmediate(callback, arg1, arg2, arg3) { return call("timers", "setImmediate", this, arguments); },
    clearTimeout(timer) { call("timers", "clearTimeout", this, arguments); },
    clearInterval(timer) { call("timers", "clearInterval", this, arguments); },
    clearImmediate(immediate) { call("timers", "clearImmediate", this, arguments); },
  };
  for (const name of keys(functions)) replace(globalThis, name, functions[name], true);

  // Fires the timer that is due next while `outcome` is pending; false if nothing can change it any more.
  host.fire = (outcome) => lib.fire !== undefined && lib.fire(outcome);
}
