// What `members.js` finds in Node, after the name of that Node.
//
//     TZ=UTC node tests/corpus/language/members.mjs > tests/corpus/language/members.json

import "./members.js";

process.stdout.write(`${JSON.stringify([process.version, globalThis.members()], null, 1)}\n`);
