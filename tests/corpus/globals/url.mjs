// URL and URLSearchParams: pieces of code and what Node returns or throws.
//
//     TZ=UTC node tests/corpus/globals/url.mjs > tests/corpus/globals/url.jsonl.gz

import { readFileSync } from "node:fs";
import "./show.js";
import { chance, write } from "./chance.mjs";

const { below, many, one } = chance(20261129);
const quoted = JSON.stringify;
const codes = [];
const READ = readFileSync(new URL("read_url.js", import.meta.url), "utf8");
(0, eval)(READ);

// ---- the interfaces

for (const name of ["URL", "URLSearchParams"]) {
  codes.push(`return ${name}`, `const d = Object.getOwnPropertyDescriptor(globalThis, "${name}"); return [d.enumerable, d.writable, d.configurable]`, `return new ${name}(Symbol())`);
  codes.push(`return Object.getOwnPropertyNames(${name}.prototype).sort()`, `return Object.entries(Object.getOwnPropertyDescriptors(${name}.prototype)).map(([n, d]) => [n, d.enumerable, d.configurable, typeof d.value, d.value?.length, d.value?.name, !!d.get, !!d.set]).sort()`);
}
codes.push("return new URL()", "return URL.canParse()", "return URL.parse()", "return [URL.parse.length, URL.canParse.length, URL.parse('a:b').href, URL.parse('b')]", "return JSON.stringify({ u: new URL('http://a') })", "return `${new URL('http://a?b')}`");
codes.push("return URLSearchParams.prototype[Symbol.iterator] === URLSearchParams.prototype.entries", "return URLSearchParams.prototype.get.call({}, 'a')", "return Object.keys(new URL('http://a'))", "return [Object.prototype.toString.call(new URL('http://a')), Object.prototype.toString.call(new URLSearchParams()), Object.prototype.toString.call(new URLSearchParams().keys())]");
codes.push("const i = new URLSearchParams('a=1').entries(); return [i[Symbol.iterator]() === i, i.next(), i.next(), i.next()]", "return new URLSearchParams('a').keys().next.call({})", "try { new URL('x', 'y'); } catch (e) { return [e.input, e.base, e.code, Object.keys(e)]; }", "try { new URL('x'); } catch (e) { return [e.input, 'base' in e, e.code]; }");

// ---- URLs: whole ones, pieces in any order, and mishaps

const HOSTS = ["example.com", "EXAMPLE.com.", "a", "localhost", "127.0.0.1", "0x7f.1", "017700000001", "1.2.3", "256.1", "1.2.3.4.5", "4294967295", "4294967296", "0", "1.", "09", "0x", "[::1]", "[1::]", "[::]", "[1:2:3:4:5:6:7:8]", "[::ffff:1.2.3.4]", "[1::2::3]", "[::1", "[g::]", "[1:2:3:4:5:6:7]", "[0:0:1:0:0:0:1:0]", "[2001:DB8::0001]", "[::1.2.3]", "[::1.2.3.256]", "[1:2:3:4:5:6:1.2.3.4]", "münchen.de", "MÜNCHEN.DE", "são-paulo.com.br", "日本語.jp", "xn--mnchen-3ya.de", "xn--", "xn--a", "xn--mnchen-3YA", "ex%41mple.com", "%e3%81%82.jp", "a b", "a%20b", "a%00b", "a<b", "a^b", "a|b", "faß.de", "ΑΣ.gr", "é\u0301.com", "ｅｘ.com", "a。b", "a\u00adb.com", "😀.ws", "ﬁ.com", "_dmarc.a", "-a-.b", "a..b", ".", "..", "%", "%zz", "a\\b", "İ.com", "\u0301a.com", "²", "K.com", "", "*.a", "a,b", "a;b", "a=b", "a'b", "a\"b", "a`b", "a{b}", "a~b", "a!b$c&d(e)f", "\u{1f468}\u200d.com", "\ufffd.com", "ب.com", "example.com:80", "a.xn--p1ai", "пример.рф", "ς.gr"];
const SCHEMES = ["http:", "https:", "HTTP:", "ftp:", "file:", "ws:", "wss:", "mailto:", "data:", "javascript:", "blob:", "urn:", "a+b.c-d:", "1a:", "ht tp:", "foo:", "", "http", "about:"];
const SLASHES = ["//", "/", "", "///", "\\\\", "/\\", "////", "\\"];
const CREDENTIALS = ["", "", "", "user@", "user:pw@", ":@", "@", "u:p:q@", "a@b@", "ü:ñ@", "u%40:%3a@", "u r:p/w@", "<u>:[p]@", ":pw@"];
const PORTS = ["", "", ":80", ":443", ":8080", ":", ":0", ":65535", ":65536", ":00080", ":8a", ":-1", ": 1"];
const PATHS = ["", "/", "/a/b", "/a/../b", "/./a", "/a/..", "/a/.", "/..", "/../../x", "/a//b", "/%2e%2E/x", "/%2e", "/a b", "/é", "/日本/x", "/%zz", "/a\\b", "/C:/x", "/C|/x", "/c:/../..", "C:/x", "C|", "/;a=1,b", "/<>\"`{}|^", "/'!$&()*+", "/[x]", "a/b", "../x", "./x", "/\u0000\u001f\u007f", "/😀\ud800", "/a\tb\nc", "/:x", "//x", "/.//x", "/trailing /", "/x ", "/%20 ", "?", "text", "/odata/v1/odata$metadata"];
const QUERIES = ["", "", "?", "?a=1", "?a=é&b=%20", "?x y", "?'\"<>`{}|^", "?a=1?b=2", "?😀\ud800", "?a=b#", "?$top=10&$filter=Data%20eq%20'2024'", "?\u0000\t"];
const FRAGMENTS = ["", "", "#", "#f", "#é ü", "#a#b", "#<>\"`{}|^'", "#?x", "#\ud800"];
const BASES = [undefined, undefined, undefined, "http://base.com/a/b/c?q#f", "https://u:p@b.org:8443/x/", "file:///C:/dir/file", "file://host/dir/", "mailto:x@y", "foo:/bar/baz", "foo://h/p", "data:text/plain,x", "http://a", "about:blank", "nothing", "foo:bar"];
const whole = () => one(SCHEMES) + one(SLASHES.concat("//", "//", "//")) + one(CREDENTIALS) + one(HOSTS.concat("example.com", "a.b")) + one(PORTS) + one(PATHS) + one(QUERIES) + one(FRAGMENTS);
const LETTERS = [..."abc019:/\\?#@[]%.&=+ -_~<>\"'`{}|^;,!$()*é\t\n\0\u00a0"];

function mishap(text) {
  const at = below(text.length + 1);
  return [text.slice(0, at) + one(LETTERS) + text.slice(at), text.slice(0, at) + text.slice(at + 1), ` ${text} `, text + one(LETTERS), one(LETTERS) + text][below(5)];
}

// Node 20 departs from the standard in some places, which are not imitated: a relative reference with a fragment is resolved
// against a base with an opaque path; ".." at the end of a path empties it where the scheme is not a special one, and stops
// at a segment that begins like a drive; a host with a port that is given to a URL without one loses the port.
const SPECIAL = ["http:", "https:", "ftp:", "file:", "ws:", "wss:"];
const isOpaque = (base) => base !== undefined && URL.canParse(base) && !URL.canParse("x", base);
const isDotted = (text, base) => /\.\.|%2e/i.test(text) && URL.canParse(text, base) && (!SPECIAL.includes(new URL(text, base).protocol) || /[/\\]\w[:|]./.test(text));
const isDeparture = (text, base) => isDotted(text, base) || (isOpaque(base) && /.#/.test(text));
const read = (text, base) => isDeparture(text, base) || codes.push(`return readUrl(${quoted(text)}${base === undefined ? "" : `, ${quoted(base)}`})`);
for (const host of HOSTS) for (const scheme of ["http://", "foo://", "file://"]) read(scheme + host), read(`${scheme}u@${host}:81/x`);
for (const path of PATHS) for (const base of BASES) read(path, base), read(`http:${path}`, base), read(`file:${path}`, base), read(`foo:${path}`, base);
for (const query of QUERIES) for (const base of BASES) read(query, base), read(one(FRAGMENTS), base);
for (let i = 0; i < 3500; i++) read(whole(), one(BASES));
for (let i = 0; i < 2000; i++) read(mishap(whole()), one(BASES));
for (let i = 0; i < 1500; i++) read(many(8, () => one([...LETTERS, "//", "http", "file:", "C|", "..", "%2e", "[::1]", "80"])).join(""), one(BASES));

// ---- changes

const STARTS = ["http://u:p@example.com:8080/a/b?q=1#f", "https://a/", "file:///C:/x", "file://h/x", "mailto:a@b", "foo://h:1/p", "data:x  ?q#f", "data:x  ", "http://[::1]/"];
const VALUES = { protocol: [...SCHEMES, "https", "ftp:x", "foo", "file"], username: CREDENTIALS, password: CREDENTIALS, host: [...HOSTS, ...HOSTS.slice(0, 8).map((host) => `${host}:81`), "a/b", "a?b", "a:", "a:x", ":80"], hostname: [...HOSTS, "a:80", "a/b", "a#b"], port: ["", "80", "443", "81", "8a", "65536", "0080", " 8", "-1", "1.5", "9/x", "65535999"], pathname: [...PATHS, "x?y#z"], search: [...QUERIES, "a=1", "#x"], hash: [...FRAGMENTS, "x", "#"], href: ["http://new/", "bad", "foo:x"] };
const isSpecial = (start) => SPECIAL.some((scheme) => start.startsWith(scheme));
for (const [part, values] of Object.entries(VALUES)) for (const value of values) for (const start of STARTS) if (below(3) < 2 && (isSpecial(start) || !/\.\.|%2e/i.test(value))) codes.push(`return changeUrl(${quoted(start)}, [["${part}", ${quoted(value)}]])`);
for (let i = 0; i < 1500; i++) {
  const changes = many(4, () => { const part = one(Object.keys(VALUES)); return [part, one(VALUES[part])]; });
  const start = one(STARTS);
  if (isSpecial(start) || !changes.some(([, value]) => /\.\./.test(value))) codes.push(`return changeUrl(${quoted(start)}, ${quoted(changes)})`);
}
for (const value of ["null", "undefined", "5", "{}", "Symbol()"]) for (const part of Object.keys(VALUES)) codes.push(`const u = new URL("http://a/"); u.${part} = ${value}; return u.href`);

// ---- search parameters

const NAMES = ["a", "b", "é", "a b", "", "a+b", "%41", "&", "=", "😀", "\ud800", "\0", "'", "~*-._", "$top"];
const TEXTS = ["", "a", "a=1", "?a=1", "a=1&b=2&a=3", "&&a&=b&", "a=b=c", "a+b=c+d", "%41=%zz", "%C3%A9=%ff%fe", "a=%F0%9F%98%80", "a%00=%", "é=ü", "\ufeffa=1", "%EF%BB%BFa=1", "a=\ud800", "a=1#b", "??a"];
for (const text of TEXTS) codes.push(`const p = new URLSearchParams(${quoted(text)}); return [[...p], String(p), p.size]`);
const call = () => one([() => `p.append(${quoted(one(NAMES))}, ${quoted(one(NAMES))})`, () => `p.set(${quoted(one(NAMES))}, ${quoted(one(NAMES))})`, () => `p.delete(${quoted(one(NAMES))})`, () => `p.delete(${quoted(one(NAMES))}, ${quoted(one(NAMES))})`, () => `out.push(p.get(${quoted(one(NAMES))}))`, () => `out.push(p.getAll(${quoted(one(NAMES))}))`, () => `out.push(p.has(${quoted(one(NAMES))}))`, () => `out.push(p.has(${quoted(one(NAMES))}, ${quoted(one(NAMES))}))`, () => "p.sort()", () => "out.push(p.size)", () => "p.forEach((v, n) => out.push(n, v))", () => "out.push(...p.keys())", () => "out.push([...p.values()])"])();
for (let i = 0; i < 800; i++) codes.push(`const out = []; const p = new URLSearchParams(${quoted(many(5, () => one([...NAMES.slice(0, 9), "=1", "&"])).join(""))}); ${many(6, call).join("; ")}; return [out, String(p)]`);
for (let i = 0; i < 400; i++) codes.push(`const out = []; const u = new URL(${quoted(one(STARTS))}); const p = u.searchParams; ${many(4, call).join("; ")}; return [out, u.href, u.search, p === u.searchParams]`);
for (const init of ["undefined", "null", "5", "true", "Symbol()", "() => 1", "{ a: 1, b: [2, 3], c: undefined, d: null }", "[['a', 'b'], ['c', 1]]", "new Map([['x', 1], ['y', {}]])", "new Set([['a', 'b']])", "[['a']]", "[1]", "['ab', 'cd']", "[['a', 'b', 'c']]", "{ [Symbol.iterator]: 1 }", "[]", "{}", "new URLSearchParams('a=1&a=2')", "{ [Symbol('s')]: 1 }", "[new Set(['a', 'b'])]", "[[Symbol(), 1]]", "'?x=1'", "new String('?x=1')", "[null]", "[['\\ud800', '\\udc00x']]", "{ '\\ud800': 1 }", "(function* () { yield ['g', 'h']; })()"]) codes.push(`return [...new URLSearchParams(${init})]`);
for (const given of ["append()", "append('a')", "get()", "getAll()", "has()", "delete()", "set('a')", "forEach()", "forEach(1)", "append('a', undefined)", "get(undefined)", "set('a', null)", "has('q', undefined)", "delete('q', undefined)", "append(Symbol(), 1)"]) codes.push(`const p = new URLSearchParams('q=1&undefined=2'); const r = p.${given}; return [r, String(p)]`);
codes.push("const u = new URL('http://a/?x=1'); const p = u.searchParams; u.search = '?y=2'; const one = [...p]; u.href = 'http://b/?z=3'; return [one, [...p], p === u.searchParams]", "const p = new URLSearchParams('a=1&b=2&c=3'); const seen = []; for (const [n] of p) { seen.push(n); if (n === 'a') p.delete('b'); } return seen", "const p = new URLSearchParams('a=1'); const seen = []; p.forEach(function (v, n, all) { seen.push(v, n, all === p, this.t); }, { t: 5 }); return seen");
for (let i = 0; i < 200; i++) codes.push(`const p = new URLSearchParams(${quoted(many(8, () => `${one(NAMES)}${one(["", "=1", "=2"])}`).join("&"))}); p.sort(); return [...p]`);

write(codes, show);
