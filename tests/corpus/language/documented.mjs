// The examples of docs/sandbox.md, as programs, and what Node answers.
//
//     TZ=UTC node tests/corpus/language/documented.mjs > tests/corpus/language/documented.jsonl.gz

import { readFileSync } from "node:fs";
import "./answer.js";
import { write } from "../globals/chance.mjs";

const page = readFileSync(new URL("../../../docs/sandbox.md", import.meta.url), "utf8");
const [, table] = page.split(/<!-- \/?differences -->/);
const rows = table.trim().split("\n").slice(2).map((row) => row.split(/(?<!\\)\|/));
write(rows.map(([, , example]) => `return ${example.trim().slice(1, -1).replaceAll("\\|", "|")}`), globalThis.answer);
