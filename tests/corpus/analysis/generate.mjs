// Scripts with one mistake each, and what Node says of them: node tests/corpus/analysis/generate.mjs
//
// Each line of mistakes.jsonl is [number of the script in valid.js, offset, length, replacement, line, column]. Every identifier
// that a run of the script refers to is misspelt in turn, as far as Node then fails with a ReferenceError about that name; so the
// list has nothing in it that only looks like a mistake. Places are those of the misspelt name, from 1.
import { readFileSync, writeFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";

const SCRIPTS = readFileSync(new URL("valid.js", import.meta.url), "utf8").split("// ----\n");
const WORD = /(?<![\w$#.\\]|\.\s)[A-Za-z_$][\w$]{2,}(?![\w$])/g;
const SILENT = { log() {}, error() {}, warn() {}, info() {}, debug() {} };
const EACH = 6;

async function failureOf(source) {
  const context = createContext({ console: SILENT, queueMicrotask });
  try {
    runInContext(source, context, { timeout: 1000 });
    await runInContext("process", context)([{ x: 1 }]);
  } catch (error) {
    return String(error);
  }
  return "";
}

const found = [];
for (const [number, source] of SCRIPTS.entries()) {
  const reason = await failureOf(source);
  if (reason !== "") throw new Error(`script ${number}: ${reason}`);
  if (/\b(?:eval|Function|with)\b/.test(source)) continue; // names are hidden from an analysis
  let count = 0;
  for (const { 0: word, index } of source.matchAll(WORD)) {
    const wrong = word.slice(0, 1) + word.slice(2, 3) + word.slice(1, 2) + word.slice(3) + (word[1] === word[2] ? "x" : "");
    const mistaken = source.slice(0, index) + wrong + source.slice(index + word.length);
    if (count === EACH || await failureOf(mistaken) !== `ReferenceError: ${wrong} is not defined`) continue;
    const lines = source.slice(0, index).split("\n");
    if (source.split(wrong).length > 1) continue;
    found.push([number, index, word.length, wrong, lines.length, lines.at(-1).length + 1]);
    count++;
  }
}
writeFileSync(new URL("mistakes.jsonl", import.meta.url), found.map((one) => JSON.stringify(one) + "\n").join(""));
console.log(`${SCRIPTS.length} scripts, ${found.length} mistakes`);
