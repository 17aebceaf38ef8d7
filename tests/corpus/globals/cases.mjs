// What the scripts in cases/ return in Node, beside each as NAME.expected.json.
//
//     TZ=UTC node tests/corpus/globals/cases.mjs [NAME.js]

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import vm from "node:vm";

const folder = new URL("cases/", import.meta.url);
for (const name of readdirSync(folder).filter((one) => !process.argv[2] || one === process.argv[2]).filter((one) => one.endsWith(".js"))) {
  const source = readFileSync(new URL(name, folder), "utf8");
  const result = await vm.runInThisContext(`(() => { ${source}\nreturn process; })()`)(null);
  writeFileSync(new URL(name.replace(".js", ".expected.json"), folder), `${JSON.stringify(result)}\n`);
}
