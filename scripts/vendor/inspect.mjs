// Prints the inspector of the sandbox's console: node-inspect-extracted as a function of `host`, whose modules take the place of
// those by which the package guesses what an engine knows. inspect.json has the changes: texts that the package's file has
// exactly once, and what replaces them. Some make it print as Node 20 where the package follows a later Node.
import { readFileSync } from "node:fs";

const changes = JSON.parse(readFileSync(new URL("inspect.json", import.meta.url), "utf8"));
let text = readFileSync(process.argv[2], "utf8").trimEnd();
for (const [from, to] of changes) {
  if (text.split(from).length !== 2) throw new Error(`not exactly once in the package's file: ${from}`);
  text = text.replace(from, () => to);
}
process.stdout.write(`(host) => {\nconst module = { exports: {} }, { exports } = module;\n${text}\nreturn module.exports;\n}\n`);
