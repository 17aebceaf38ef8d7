// URL (WHATWG URL), with Node's errors and Node's looks in the console.

(lib) => {
  "use strict";

  lib.need("url_search_params");
  const {
    NativeTypeError, define, defineHidden, defineProperty, defineShown, expose, getOwnPropertyDescriptor, inspectSymbol, keys, list,
    nodeError, slice, uncurried,
  } = lib;
  const { parse, change, serialize, hostOf, pathOf, isOpaque, isSpecial, percentEncode, USERINFO } = lib.urls;
  const { paramsOf, refresh, stripSpaces, scalar, missing, inspect, optionsFor, nameOf } = lib.searchParams;

  function invalidUrl(input, base) {
    const error = nodeError(NativeTypeError, "ERR_INVALID_URL", "Invalid URL");
    defineShown(error, "input", input);
    if (base !== undefined) defineShown(error, "base", base);
    return error;
  }

  // ---- URL

  function originOf(url) {
    if (url.scheme === "blob" && isOpaque(url)) {
      const inner = parse(url.path, null);
      return inner !== null && (inner.scheme === "http" || inner.scheme === "https") ? originOf(inner) : "null";
    }
    return isSpecial(url) && url.scheme !== "file" ? url.scheme + "://" + hostOf(url) : "null";
  }

  const hasNoCredentials = (url) => url.host === null || url.host === "" || url.scheme === "file";

  function parsed(input, base) {
    const from = base === undefined ? null : parse(base, null);
    return base !== undefined && from === null ? null : parse(input, from);
  }

  class URL {
    #url;
    #params = null;

    constructor(url) {
      if (arguments.length === 0) throw missing('"url" argument');
      const input = scalar(url);
      const base = arguments[1] === undefined ? undefined : scalar(arguments[1]);
      this.#url = parsed(input, base);
      if (this.#url === null) throw invalidUrl(input, base);
    }

    toString() { return serialize(this.#url); }

    get href() { return serialize(this.#url); }

    set href(value) {
      const text = scalar(value);
      const url = parse(text, null);
      if (url === null) throw invalidUrl(text);
      const names = keys(url);
      for (let i = 0; i < names.length; i++) this.#url[names[i]] = url[names[i]];
      this.#refresh();
    }

    get origin() { return originOf(this.#url); }

    get protocol() { return this.#url.scheme + ":"; }

    set protocol(value) { change(this.#url, "protocol", scalar(value) + ":"); }

    get username() { return this.#url.username; }

    set username(value) {
      if (!hasNoCredentials(this.#url)) this.#url.username = percentEncode(scalar(value), USERINFO);
    }

    get password() { return this.#url.password; }

    set password(value) {
      if (!hasNoCredentials(this.#url)) this.#url.password = percentEncode(scalar(value), USERINFO);
    }

    get host() { return hostOf(this.#url); }

    set host(value) { this.#changeAuthority("host", value); }

    get hostname() { return this.#url.host === null ? "" : this.#url.host; }

    set hostname(value) { this.#changeAuthority("hostname", value); }

    get port() { return this.#url.port === null ? "" : "" + this.#url.port; }

    set port(value) {
      const text = scalar(value);
      if (hasNoCredentials(this.#url)) return;
      if (text === "") this.#url.port = null;
      else change(this.#url, "port", text);
    }

    get pathname() { return pathOf(this.#url); }

    set pathname(value) {
      const text = scalar(value);
      if (isOpaque(this.#url)) return;
      this.#url.path = list();
      change(this.#url, "pathname", text);
    }

    get search() { return this.#url.query === null || this.#url.query === "" ? "" : "?" + this.#url.query; }

    set search(value) {
      const text = scalar(value);
      if (text === "") {
        this.#url.query = null;
        stripSpaces(this.#url);
      } else {
        this.#url.query = "";
        change(this.#url, "search", text[0] === "?" ? slice(text, 1) : text);
      }
      this.#refresh();
    }

    get searchParams() {
      if (this.#params === null) this.#params = paramsOf(this.#url);
      return this.#params;
    }

    get hash() { return this.#url.fragment === null || this.#url.fragment === "" ? "" : "#" + this.#url.fragment; }

    set hash(value) {
      const text = scalar(value);
      if (text === "") {
        this.#url.fragment = null;
        stripSpaces(this.#url);
      } else {
        this.#url.fragment = "";
        change(this.#url, "hash", text[0] === "#" ? slice(text, 1) : text);
      }
    }

    toJSON() { return serialize(this.#url); }

    #changeAuthority(part, value) {
      const text = scalar(value);
      const url = this.#url;
      if (isOpaque(url)) return;
      const { host, port } = url;
      if (change(url, part, text)) return;
      url.host = host;
      url.port = port;
    }

    #refresh() {
      if (this.#params !== null) refresh(this.#params, this.#url);
    }

    static parse(url) {
      if (arguments.length === 0) throw missing('"url" argument');
      const input = scalar(url);
      const base = arguments[1] === undefined ? undefined : scalar(arguments[1]);
      return parsed(input, base) === null ? null : new URL(input, base);
    }

    static canParse(url) {
      if (arguments.length === 0) throw missing('"url" argument');
      return parsed(scalar(url), arguments[1] === undefined ? undefined : scalar(arguments[1])) !== null;
    }
  }

  // ---- in the console

  const SHOWN = [
    "href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "searchParams", "hash",
  ];
  const getters = { __proto__: null };
  for (let i = 0; i < SHOWN.length; i++) getters[SHOWN[i]] = uncurried(getOwnPropertyDescriptor(URL.prototype, SHOWN[i]).get);

  function inspectUrl(depth, options) {
    if (typeof depth === "number" && depth < 0) return this;
    const shown = {};
    for (let i = 0; i < SHOWN.length; i++) {
      const get = getters[SHOWN[i]];
      lib.defineProperty(shown, SHOWN[i], { __proto__: null, value: get(this), enumerable: true });
    }
    return nameOf(this) + " " + inspect(shown, optionsFor(options, null));
  }

  defineHidden(URL.prototype, inspectSymbol, inspectUrl);
  expose(URL, "URL");
  defineProperty(URL, "parse", { __proto__: null, enumerable: true });
  defineProperty(URL, "canParse", { __proto__: null, enumerable: true });
  define("URL", URL);
}
