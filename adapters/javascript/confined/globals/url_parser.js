// The parser of URLs (WHATWG URL, "Basic URL parser"): the standard's state machine, a function a state, in its order.
//
// A URL is a record: `path` is a list of segments, or a string where the URL has an opaque path (`mailto:x`).

(lib) => {
  "use strict";

  lib.need("url_hosts");
  const { charCodeAt, exec, includes, indexOf, join, list, slice, toLowerCase, urls } = lib;
  const { parseHost, percentEncode, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, CONTROL } = urls;

  const DEFAULT_PORTS = { __proto__: null, "ftp": 21, "file": -1, "http": 80, "https": 443, "ws": 80, "wss": 443 };
  const NEXT = 0;
  const DONE = 1;
  const FAILURE = 2;
  const END = "";
  const DRIVE = /^[A-Za-z][:|]$/;
  const NORMAL_DRIVE = /^[A-Za-z]:$/;
  const DRIVE_START = /^[A-Za-z][:|](?:[/\\?#]|$)/;
  const SINGLE_DOT = /^(?:\.|%2e)$/i;
  const DOUBLE_DOT = /^(?:\.|%2e){2}$/i;

  const isSpecial = (url) => DEFAULT_PORTS[url.scheme] !== undefined;
  const isOpaque = (url) => typeof url.path === "string";
  const isLetter = (c) => (c >= "a" && c <= "z") || (c >= "A" && c <= "Z");
  const isDigit = (c) => c >= "0" && c <= "9" && c.length === 1;
  const isSlash = (m, c) => c === "/" || (c === "\\" && isSpecial(m.url));
  const isEndOfAuthority = (m, c) => c === END || c === "?" || c === "#" || isSlash(m, c);
  const hasCredentials = (url) => url.username !== "" || url.password !== "";

  const newUrl = () => ({
    __proto__: null, scheme: "", username: "", password: "", host: null, port: null, path: list(), query: null, fragment: null,
  });

  function copyPath(path) {
    if (typeof path === "string") return path;
    const copy = list();
    for (let i = 0; i < path.length; i++) copy[i] = path[i];
    return copy;
  }

  function copyAuthority(url, base) {
    url.username = base.username;
    url.password = base.password;
    url.host = base.host;
    url.port = base.port;
  }

  function shorten(url) {
    const { path } = url;
    if (url.scheme === "file" && path.length === 1 && exec(NORMAL_DRIVE, path[0]) !== null) return;
    if (path.length > 0) path.length--;
  }

  const rest = (m) => slice(m.input, m.at);

  function go(m, state, isAgain) {
    m.state = state;
    if (isAgain) m.at--;
    return NEXT;
  }

  function toQueryOrFragment(m, c) {
    if (c === "?") {
      m.url.query = "";
      return go(m, query);
    }
    m.url.fragment = "";
    return go(m, fragment);
  }

  // ---- the scheme

  function schemeStart(m, c) {
    if (isLetter(c)) {
      m.buffer = toLowerCase(c);
      return go(m, scheme);
    }
    return m.isOverridden ? FAILURE : go(m, noScheme, true);
  }

  function scheme(m, c) {
    if (isLetter(c) || isDigit(c) || c === "+" || c === "-" || c === ".") {
      m.buffer += toLowerCase(c);
      return NEXT;
    }
    if (c === ":") return m.isOverridden ? changeScheme(m) : endScheme(m);
    if (m.isOverridden) return FAILURE;
    m.buffer = "";
    m.at = -1;
    return go(m, noScheme);
  }

  function changeScheme(m) {
    const { url, buffer } = m;
    const isAllowed = isSpecial(url) === (DEFAULT_PORTS[buffer] !== undefined)
      && !(buffer === "file" && (hasCredentials(url) || url.port !== null)) && !(url.scheme === "file" && (url.host === "" || url.host === null));
    if (!isAllowed) return DONE;
    url.scheme = buffer;
    if (url.port === DEFAULT_PORTS[buffer]) url.port = null;
    return DONE;
  }

  function endScheme(m) {
    const { url, base } = m;
    url.scheme = m.buffer;
    m.buffer = "";
    if (url.scheme === "file") return go(m, file);
    if (isSpecial(url)) return go(m, base !== null && base.scheme === url.scheme ? specialRelativeOrAuthority : specialAuthoritySlashes);
    if (m.input[m.at + 1] === "/") {
      m.at++;
      return go(m, pathOrAuthority);
    }
    url.path = "";
    return go(m, opaquePath);
  }

  function noScheme(m, c) {
    const { url, base } = m;
    if (base === null || (isOpaque(base) && c !== "#")) return FAILURE;
    if (!isOpaque(base)) return go(m, base.scheme === "file" ? file : relative, true);
    url.scheme = base.scheme;
    url.path = base.path;
    url.query = base.query;
    url.fragment = "";
    return go(m, fragment);
  }

  // ---- before the authority

  function specialRelativeOrAuthority(m, c) {
    if (c !== "/" || m.input[m.at + 1] !== "/") return go(m, relative, true);
    m.at++;
    return go(m, specialAuthorityIgnoreSlashes);
  }

  const pathOrAuthority = (m, c) => (c === "/" ? go(m, authority) : go(m, path, true));

  function relative(m, c) {
    const { url, base } = m;
    url.scheme = base.scheme;
    if (isSlash(m, c)) return go(m, relativeSlash);
    copyAuthority(url, base);
    url.path = copyPath(base.path);
    url.query = base.query;
    if (c === "?" || c === "#") return toQueryOrFragment(m, c);
    if (c === END) return NEXT;
    url.query = null;
    shorten(url);
    return go(m, path, true);
  }

  function relativeSlash(m, c) {
    if (isSpecial(m.url) && isSlash(m, c)) return go(m, specialAuthorityIgnoreSlashes);
    if (c === "/") return go(m, authority);
    copyAuthority(m.url, m.base);
    return go(m, path, true);
  }

  function specialAuthoritySlashes(m, c) {
    if (c !== "/" || m.input[m.at + 1] !== "/") return go(m, specialAuthorityIgnoreSlashes, true);
    m.at++;
    return go(m, specialAuthorityIgnoreSlashes);
  }

  const specialAuthorityIgnoreSlashes = (m, c) => (c === "/" || c === "\\" ? NEXT : go(m, authority, true));

  // ---- the authority

  function authority(m, c) {
    if (c === "@") {
      addCredentials(m);
      return NEXT;
    }
    if (!isEndOfAuthority(m, c)) {
      m.buffer += c;
      return NEXT;
    }
    if (m.hasAt && m.buffer === "") return FAILURE;
    m.at -= m.buffer.length + 1;
    m.buffer = "";
    return go(m, host);
  }

  function addCredentials(m) {
    const { url } = m;
    const text = m.hasAt ? "%40" + m.buffer : m.buffer;
    m.hasAt = true;
    m.buffer = "";
    const colon = m.hasPassword ? 0 : indexOf(text, ":");
    if (!m.hasPassword) url.username += percentEncode(colon < 0 ? text : slice(text, 0, colon), USERINFO);
    if (m.hasPassword) url.password += percentEncode(text, USERINFO);
    else if (colon >= 0) {
      m.hasPassword = true;
      url.password += percentEncode(slice(text, colon + 1), USERINFO);
    }
  }

  function host(m, c) {
    const { url } = m;
    if (m.isOverridden && url.scheme === "file") return go(m, fileHost, true);
    if (c === ":" && !m.inBrackets) {
      if (m.buffer === "" || m.isHostname) return FAILURE;
      return setHost(m) ? go(m, port) : FAILURE;
    }
    if (isEndOfAuthority(m, c)) return endHost(m);
    if (c === "[") m.inBrackets = true;
    if (c === "]") m.inBrackets = false;
    m.buffer += c;
    return NEXT;
  }

  function setHost(m) {
    const parsed = m.buffer === "" && !isSpecial(m.url) ? "" : parseHost(m.buffer, isSpecial(m.url));
    if (parsed === null) return false;
    m.url.host = parsed;
    m.buffer = "";
    return true;
  }

  function endHost(m) {
    const { url } = m;
    m.at--;
    if (m.buffer === "" && (isSpecial(url) || (m.isOverridden && (hasCredentials(url) || url.port !== null)))) return FAILURE;
    if (!setHost(m)) return FAILURE;
    return m.isOverridden ? DONE : go(m, pathStart);
  }

  function port(m, c) {
    if (isDigit(c)) {
      m.buffer += c;
      return NEXT;
    }
    if (!isEndOfAuthority(m, c) && !m.isOverridden) return FAILURE;
    if (m.buffer !== "") {
      const number = +m.buffer;
      if (number > 65535) return FAILURE;
      m.url.port = number === DEFAULT_PORTS[m.url.scheme] ? null : number;
      m.buffer = "";
    }
    return m.isOverridden ? DONE : go(m, pathStart, true);
  }

  // ---- files

  function file(m, c) {
    const { url, base } = m;
    url.scheme = "file";
    url.host = "";
    if (c === "/" || c === "\\") return go(m, fileSlash);
    if (base === null || base.scheme !== "file") return go(m, path, true);
    url.host = base.host;
    url.path = copyPath(base.path);
    url.query = base.query;
    if (c === "?" || c === "#") return toQueryOrFragment(m, c);
    if (c === END) return NEXT;
    url.query = null;
    if (exec(DRIVE_START, rest(m)) === null) shorten(url);
    else url.path = list();
    return go(m, path, true);
  }

  function fileSlash(m, c) {
    const { url, base } = m;
    if (c === "/" || c === "\\") return go(m, fileHost);
    if (base !== null && base.scheme === "file") {
      url.host = base.host;
      const hasDrive = base.path.length > 0 && exec(NORMAL_DRIVE, base.path[0]) !== null;
      if (hasDrive && exec(DRIVE_START, rest(m)) === null) url.path[url.path.length] = base.path[0];
    }
    return go(m, path, true);
  }

  function fileHost(m, c) {
    if (c !== END && c !== "/" && c !== "\\" && c !== "?" && c !== "#") {
      m.buffer += c;
      return NEXT;
    }
    m.at--;
    if (!m.isOverridden && exec(DRIVE, m.buffer) !== null) return go(m, path); // the buffer stays
    if (m.buffer === "") m.url.host = "";
    else {
      if (!setHost(m)) return FAILURE;
      if (m.url.host === "localhost") m.url.host = "";
    }
    return m.isOverridden ? DONE : go(m, pathStart);
  }

  // ---- the path

  function pathStart(m, c) {
    const { url } = m;
    if (isSpecial(url)) return go(m, path, c !== "/" && c !== "\\");
    if (!m.isOverridden && (c === "?" || c === "#")) return toQueryOrFragment(m, c);
    if (c !== END) return go(m, path, c !== "/");
    if (m.isOverridden && url.host === null) url.path[url.path.length] = "";
    return NEXT;
  }

  function path(m, c) {
    const isQuery = !m.isOverridden && (c === "?" || c === "#");
    if (c !== END && !isSlash(m, c) && !isQuery) {
      takeSegment(m);
      return NEXT;
    }
    endSegment(m, isSlash(m, c));
    m.buffer = "";
    return isQuery ? toQueryOrFragment(m, c) : NEXT;
  }

  function takeSegment(m) { // as far as it goes
    const { input } = m;
    const start = m.at;
    let end = start + 1;
    while (end < input.length && !isSlash(m, input[end]) && (m.isOverridden || (input[end] !== "?" && input[end] !== "#"))) end++;
    m.buffer += percentEncode(slice(input, start, end), PATH);
    m.at = end - 1;
  }

  function endSegment(m, isFollowed) {
    const { url, buffer } = m;
    const segments = url.path;
    if (exec(DOUBLE_DOT, buffer) !== null) {
      shorten(url);
      if (!isFollowed) segments[segments.length] = "";
    } else if (exec(SINGLE_DOT, buffer) !== null) {
      if (!isFollowed) segments[segments.length] = "";
    } else {
      const isDrive = url.scheme === "file" && segments.length === 0 && exec(DRIVE, buffer) !== null;
      segments[segments.length] = isDrive ? buffer[0] + ":" : buffer;
    }
  }

  // ---- what is taken in one piece

  function opaquePath(m, c) {
    const { input } = m;
    let end = m.at;
    while (end < input.length && input[end] !== "?" && input[end] !== "#") end++;
    m.url.path += percentEncode(slice(input, m.at, end), CONTROL);
    m.at = end;
    return end < input.length ? toQueryOrFragment(m, input[end]) : c === END ? NEXT : DONE;
  }

  function query(m) {
    const hash = m.isOverridden ? -1 : indexOf(m.input, "#", m.at);
    const end = hash < 0 ? m.input.length : hash;
    m.url.query += percentEncode(slice(m.input, m.at, end), isSpecial(m.url) ? SPECIAL_QUERY : QUERY);
    m.at = end;
    return hash < 0 ? DONE : toQueryOrFragment(m, "#");
  }

  function fragment(m) {
    m.url.fragment += percentEncode(rest(m), FRAGMENT);
    return DONE;
  }

  // ---- the machine

  function withoutWhitespace(text) {
    if (!includes(text, "\t") && !includes(text, "\n") && !includes(text, "\r")) return text;
    const pieces = list();
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      if (text[i] !== "\t" && text[i] !== "\n" && text[i] !== "\r") continue;
      pieces[pieces.length] = slice(text, from, i);
      from = i + 1;
    }
    pieces[pieces.length] = slice(text, from);
    return join(pieces, "");
  }

  function trimmed(text) {
    let start = 0;
    let end = text.length;
    while (start < end && charCodeAt(text, start) <= 32) start++;
    while (end > start && charCodeAt(text, end - 1) <= 32) end--;
    return slice(text, start, end);
  }

  function run(m) {
    for (; ; m.at++) {
      const isEnd = m.at >= m.input.length;
      const answer = m.state(m, isEnd ? END : m.input[m.at]);
      if (answer === FAILURE) return false;
      if (answer === DONE || (isEnd && m.at >= m.input.length)) return true;
    }
  }

  const machine = (text, url, base, state, isOverridden) => ({
    __proto__: null, input: withoutWhitespace(text), at: 0, buffer: "", url, base, state, isOverridden, isHostname: false, hasAt: false,
    hasPassword: false, inBrackets: false,
  });

  // A record, null if the text is no URL.
  function parse(text, base) {
    const url = newUrl();
    return run(machine(trimmed(text), url, base, schemeStart, false)) ? url : null;
  }

  const starts = { __proto__: null, protocol: schemeStart, host, hostname: host, port, pathname: pathStart, search: query, hash: fragment };

  // Changes a part of a URL; whether it could.
  function change(url, part, text) {
    const m = machine(text, url, null, starts[part], true);
    m.isHostname = part === "hostname";
    return run(m);
  }

  // ---- what is written

  const authorityOf = (url) => (url.username === "" && url.password === "" ? ""
    : url.username + (url.password === "" ? "" : ":" + url.password) + "@") + hostOf(url);
  const hostOf = (url) => (url.host === null ? "" : url.port === null ? url.host : url.host + ":" + url.port);
  const pathOf = (url) => (isOpaque(url) ? url.path : url.path.length === 0 ? "" : "/" + join(url.path, "/"));

  function serialize(url) {
    const isGuarded = url.host === null && !isOpaque(url) && url.path.length > 1 && url.path[0] === "";
    return url.scheme + ":" + (url.host === null ? "" : "//" + authorityOf(url)) + (isGuarded ? "/." : "") + pathOf(url)
      + (url.query === null ? "" : "?" + url.query) + (url.fragment === null ? "" : "#" + url.fragment);
  }

  urls.parse = parse;
  urls.change = change;
  urls.serialize = serialize;
  urls.hostOf = hostOf;
  urls.pathOf = pathOf;
  urls.isOpaque = isOpaque;
  urls.isSpecial = isSpecial;
}
