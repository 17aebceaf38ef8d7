// Programs that are broken in one place each, with Node's answer: node tests/corpus/syntax/generate.mjs
//
// Each line of node.jsonl.gz is [source, line of the syntax error, Node's message]; the line is 0 where there is no error and
// -1 where Node does not tell it. The mutations are those of a seeded generator, so the same Node writes the same file.
import { readFileSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import { gzipSync } from "node:zlib";

const COUNT = 3000;
const PROGRAMS = readFileSync(new URL("programs.js", import.meta.url), "utf8").split("// ----\n");
const TOKEN = /\/\/.*|\/\*[^]*?\*\/|`[^`]*`|"[^"\n]*"|'[^'\n]*'|[\w$]+|=>|\.\.\.|\?\?|\?\.|[-+*/%&|^!=<>]=?|\s+|[^]/g;

let state = 20260227;
function below(count) { // xorshift
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % count;
}
const oneOf = (list) => list[below(list.length)];

const EXTRA = ["(", ")", "{", "}", "[", "]", ",", ";", ":", ".", "=", "=>", "x", "1", "'s'", "await ", "let ", "return ", "?", "`", "\n"];
const MUTATIONS = [
  (tokens, at) => tokens.splice(at, 1),
  (tokens, at) => tokens.splice(at, 0, oneOf(EXTRA)),
  (tokens, at) => tokens.splice(at, 1, oneOf(EXTRA)),
  (tokens, at) => tokens.splice(at, 2, ...tokens.slice(at, at + 2).reverse()),
  (tokens, at) => tokens.splice(at, 0, tokens[at]),
  (tokens, at) => tokens.splice(at, 1, tokens[at].slice(0, -1)),
  (tokens, at) => tokens.splice(at, 1, tokens[at].slice(1, 2) + tokens[at].slice(0, 1) + tokens[at].slice(2)),
];

function answer(source) {
  try {
    new Script(source, { filename: "script" });
    return [source, 0, ""];
  } catch (error) {
    return [source, Number(/^script:(\d+)\n/.exec(error.stack)[1]) || -1, error.message];
  }
}

const sources = new Set();
while (sources.size < COUNT) {
  const tokens = oneOf(PROGRAMS).match(TOKEN);
  oneOf(MUTATIONS)(tokens, below(tokens.length));
  sources.add(tokens.join(""));
}
const text = [...sources].map((source) => JSON.stringify(answer(source))).join("\n");
writeFileSync(new URL("node.jsonl.gz", import.meta.url), gzipSync(text + "\n", { level: 9 }));
