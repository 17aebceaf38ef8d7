// Date strings as programs and people write them, and some that only resemble dates; and what Node makes of each with
// TZ=UTC: `Date.parse(text)`, null for NaN. One pair a line, in ASCII; the first line names the Node that answered.
//
//     TZ=UTC node tests/corpus/dates/generate.mjs > tests/corpus/dates/node.jsonl.gz
//
// The same Node gives the same pairs. What is made by chance comes from a seeded generator of its own.

import { gzipSync } from "node:zlib";

let state = 20261127;

function below(end) { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
}

const one = (choices) => choices[below(choices.length)];
const pad = (n, width = 2) => String(n).padStart(width, "0");

// ---- moments: some that matter at borders, and many by chance

const BORDERS = [
  "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2000-02-29T12:00:00.000Z", "1900-03-01T00:00:00.000Z",
  "2024-02-29T23:59:59.999Z", "2023-12-31T23:59:59.500Z", "2049-12-31T00:00:00.000Z", "2050-01-01T00:00:00.000Z",
  "1949-06-15T08:00:00.000Z", "1999-12-31T23:00:00.000Z", "2038-01-19T03:14:08.000Z", "0099-05-05T05:05:05.050Z",
  "9999-12-31T23:59:59.999Z", "2024-03-15T10:20:30.120Z", "2018-11-04T02:30:00.000Z", "1582-10-15T00:00:00.000Z",
].map((text) => new Date(text));

const moments = [...BORDERS, ...Array.from({ length: 260 }, () => new Date(below(2 ** 31) * 2000 - 1e12 + below(1000)))];

// ---- how moments are written

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];
const MESES = ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
  "novembro", "dezembro"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DIAS = ["domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"];
const OFFSETS = ["-03:00", "-0300", "-03", "+00:00", "+0000", "+00", "+05:30", "+0530", "-03:30", "+14:00", "-12", "+5",
  "-3:00", "+5:30", " -0300", " -03:00", " +00:00", "Z", " Z", "z", " UTC", " GMT", " GMT-3", " GMT-03:00", " GMT+0530", " BRT",
  " EST", " PDT", " America/Sao_Paulo", "[America/Sao_Paulo]", "+24:00", "-99:99", "+12345", "--03:00", "+", "-", " +03 00"];
const FRACTIONS = ["", ".1", ".12", ".120", ".123456", ".123456789", ".1234567890123", ",120", ".", ".0001", ":120"];

const year = (at) => pad(at.getUTCFullYear(), 4);
const shortYear = (at) => year(at).slice(-2);
const month = (at) => pad(at.getUTCMonth() + 1);
const date = (at) => pad(at.getUTCDate());
const clock = (at) => `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`;
const minutes = (at) => clock(at).slice(0, 5);
const twelve = (at) => `${at.getUTCHours() % 12 || 12}:${pad(at.getUTCMinutes())}`;
const half = (at) => (at.getUTCHours() < 12 ? "AM" : "PM");
const named = (at) => MONTHS[at.getUTCMonth()];
const mes = (at) => MESES[at.getUTCMonth()];
const iso = (at) => `${year(at)}-${month(at)}-${date(at)}`;
const dayOfYear = (at) => pad(Math.floor((at - Date.UTC(at.getUTCFullYear(), 0, 1)) / 864e5) + 1, 3);

const FORMS = [
  // ISO 8601, what it allows beyond ECMAScript, and what looks like it
  (at) => at.toISOString(), (at) => iso(at), (at) => `${year(at)}-${month(at)}`, year, (at) => `${iso(at)}T${minutes(at)}`,
  (at) => `${iso(at)}T${clock(at)}${one(FRACTIONS)}${one(OFFSETS)}`, (at) => `${iso(at)}T${clock(at)}${one(OFFSETS)}`,
  (at) => `${iso(at)}T${clock(at)}.123456789${one(["", "Z", "-03:00"])}`, (at) => `${iso(at)}t${clock(at)}z`,
  (at) => `${iso(at)}T${minutes(at)}${one(OFFSETS)}`, (at) => `${iso(at)}T${pad(at.getUTCHours())}${one(["", "Z", "h"])}`,
  (at) => `${year(at)}${month(at)}${date(at)}`, (at) => `${year(at)}${month(at)}${date(at)}T${clock(at).replaceAll(":", "")}Z`,
  (at) => `${year(at)}-${dayOfYear(at)}`, (at) => `${year(at)}-W${pad(1 + below(53))}-${1 + below(7)}`, (at) => `+00${iso(at)}`,
  (at) => `-00${iso(at)}T${clock(at)}Z`, (at) => `${iso(at)}T24:00:00${one(["", ".0", ".001", "Z", "-03:00"])}`,
  (at) => `${iso(at)}/${iso(at)}`, (at) => `${iso(at)}T${clock(at)} ${one(OFFSETS)}`, (at) => `${year(at)}-${month(at)}-${date(at)}Z`,
  // Python's str() and isoformat(), pandas, psql, MySQL, SQLite, R
  (at) => `${iso(at)} ${clock(at)}${one(OFFSETS)}`, (at) => `${iso(at)} ${clock(at)}${one(FRACTIONS)}${one(OFFSETS)}`,
  (at) => `${iso(at)} ${clock(at)}.${pad(below(1e6), 6)}${one(["", "-03:00", "+00:00", "+00"])}`, (at) => `${iso(at)} ${minutes(at)}`,
  (at) => `${iso(at)} ${clock(at)}`, (at) => `${iso(at)} ${minutes(at)}${one(OFFSETS)}`, (at) => `${iso(at)} ${pad(at.getUTCHours())}`,
  (at) => `${iso(at)} 00:00:00`, (at) => `Timestamp('${iso(at)} ${clock(at)}')`, (at) => `datetime.date(${year(at)}, ${month(at)}, ${date(at)})`,
  (at) => `${iso(at)} BC`, (at) => `${year(at)}Q${1 + below(4)}`, (at) => `${year(at)}.${month(at)}.${date(at)}`,
  // spreadsheets, the United States, United Kingdom and the rest of Europe
  (at) => `${+month(at)}/${+date(at)}/${year(at)}`, (at) => `${+month(at)}/${+date(at)}/${shortYear(at)}`,
  (at) => `${month(at)}/${date(at)}/${year(at)} ${clock(at)}`, (at) => `${+month(at)}/${+date(at)}/${year(at)} ${twelve(at)} ${half(at)}`,
  (at) => `${+month(at)}/${+date(at)}/${year(at)}, ${twelve(at)}:${pad(at.getUTCSeconds())} ${half(at)}`,
  (at) => `${twelve(at)}${half(at).toLowerCase()} ${+month(at)}-${+date(at)}-${year(at)}`, (at) => `${date(at)}-${named(at).slice(0, 3)}-${shortYear(at)}`,
  (at) => `${date(at)}-${named(at).slice(0, 3).toUpperCase()}-${year(at)} ${clock(at)}`, (at) => `${+date(at)} ${named(at)} ${year(at)}`,
  (at) => `${named(at)} ${+date(at)}, ${year(at)}`, (at) => `${named(at).slice(0, 3)} ${+date(at)}, ${year(at)}, ${twelve(at)} ${half(at)}`,
  (at) => `${DAYS[at.getUTCDay()]}, ${named(at)} ${+date(at)}, ${year(at)} ${clock(at)}`, (at) => `${named(at)} ${year(at)}`,
  (at) => `${named(at).slice(0, 3)}-${shortYear(at)}`, (at) => `${named(at)} ${+date(at)}th, ${year(at)}`, (at) => `${+date(at)}st of ${named(at)} ${year(at)}`,
  (at) => `${date(at)}.${month(at)}.${year(at)} ${minutes(at)}`, (at) => `${date(at)}/${month(at)}/${shortYear(at)}`,
  (at) => String(Math.floor(at / 864e5) + 25569), (at) => `${Math.floor(at / 864e5) + 25569}.5`, (at) => String(+at), (at) => String(Math.floor(at / 1000)),
  // logs and mail
  (at) => at.toUTCString(), (at) => at.toString(), (at) => at.toDateString(), (at) => at.toUTCString().replace("GMT", one(OFFSETS).trim()),
  (at) => `${date(at)}/${named(at).slice(0, 3)}/${year(at)}:${clock(at)} ${one(["-0300", "+0000"])}`, (at) => `[${iso(at)} ${clock(at)},${pad(below(1000), 3)}]`,
  (at) => `${named(at).slice(0, 3)} ${String(+date(at)).padStart(2)} ${clock(at)}`, (at) => `${year(at)}/${month(at)}/${date(at)} ${clock(at)}`,
  (at) => `${DAYS[at.getUTCDay()].slice(0, 3)} ${named(at).slice(0, 3)} ${+date(at)} ${clock(at)} ${year(at)}`, (at) => `${shortYear(at)}${month(at)}${date(at)} ${clock(at)}`,
  (at) => `${DAYS[at.getUTCDay()].slice(0, 3)} ${named(at).slice(0, 3)} ${+date(at)} ${clock(at)} ${one(["BRT", "EST", "UTC", "CEST"])} ${year(at)}`,
  (at) => `${DAYS[at.getUTCDay()].slice(0, 3)} ${named(at).slice(0, 3)} ${date(at)} ${year(at)} ${clock(at)} GMT-0300 (Horário Padrão de Brasília)`,
  // Brazil
  (at) => `${date(at)}/${month(at)}/${year(at)}`, (at) => `${date(at)}/${month(at)}/${year(at)} ${clock(at)}`, (at) => `${date(at)}/${month(at)}/${year(at)} às ${minutes(at)}`,
  (at) => `${date(at)}/${month(at)}/${year(at)} ${pad(at.getUTCHours())}h${pad(at.getUTCMinutes())}`, (at) => `${+date(at)} de ${mes(at)} de ${year(at)}`,
  (at) => `${DIAS[at.getUTCDay()]}, ${+date(at)} de ${mes(at)} de ${year(at)}`, (at) => `${mes(at).slice(0, 3)}/${year(at)}`, (at) => `${mes(at).slice(0, 3)}/${shortYear(at)}`,
  (at) => `${date(at)}-${month(at)}-${year(at)}`, (at) => `${month(at)}/${year(at)}`, (at) => `T${1 + below(4)}/${year(at)}`, (at) => `${1 + below(4)}º trimestre de ${year(at)}`,
  (at) => `${year(at)}${1 + below(4)}`, (at) => `${1 + below(4)}T${shortYear(at)}`, (at) => `${date(at)}/${mes(at).slice(0, 3)}/${year(at)}`, (at) => `${pad(below(1e5), 5)}-${pad(below(1000), 3)}`,
  (at) => `${pad(below(1000), 3)}.${pad(below(1000), 3)}.${pad(below(1000), 3)}-${pad(below(100))}`, (at) => `(${pad(below(100))}) 9${pad(below(1e4), 4)}-${pad(below(1e4), 4)}`,
  (at) => `R$ ${below(1e4)},${pad(below(100))}`, (at) => `${below(1e4)}.${pad(below(100))}`, (at) => `Produto ${below(100)}`, (at) => `lote ${below(100)} ${iso(at)}`,
];

// ---- mishaps: what editing, splitting and joining do to such texts

const LETTERS = [..."0123456789:-+/., TZtz()apmAPMJjº\t\r\n\u00a0\u2009\u2028\u3000\ufeffé\0"];

function mishap(text) {
  const at = below(text.length + 1);
  switch (below(6)) {
    case 0: return text + one(["\r", "\n", " ", "\u00a0", ";", ",", ".", "Z", "\t", "\"", "\0", " (sic)"]);
    case 1: return one([" ", "\t", "\ufeff", "'", "\"", "~", "em ", "on ", "(", "-", "+"]) + text;
    case 2: return text.slice(0, at) + one(LETTERS) + text.slice(at);
    case 3: return text.slice(0, at) + text.slice(at + 1);
    case 4: return text.slice(0, at) + one(LETTERS) + text.slice(at + 1);
    default: return one([text.toUpperCase(), text.toLowerCase(), text.replace(" ", "  "), text.replaceAll("-", "/")]);
  }
}

// ---- what resembles no format: pieces of dates in any order

const PIECES = ["2024", "24", "99", "03", "3", "15", "31", "32", "00", "0", "12", "13", "20240315", "123456", "1234567",
  "0000", "99999999999", "0000000000123", "10", "60", "59", "24:00", ":", ":", "::", "-", "-", "+", "/", ".", ",", "T", "t", "Z",
  "GMT", "UTC", "UT", "EST", "BRT", "am", "PM", "a.m.", "Jan", "january", "Fev", "MARCH", "Sept", "dez", "Dec", " ", " ", " ", "\t",
  "\r", "\u00a0", "(x)", "(", "((a)b)", ")", "Mon,", "de", "às", "h", "º", "T2", "\0", "😀", "'", "_", "1000", "0300", "-0300", "-03:00",
  "+5:30", "+053", "+00", "+12345", "-000001", "+002024", "-000000", "0099", "275760", "+275760-09-13", "-271821-04-20", "30.5", ".123456",
  ":60", "T10:20", "T10:20:30", "2024-03-15", "15/03/2024", "10:20:30", "10:20:30.0001234567890", "-0399999999999:60"];

const pieces = () => Array.from({ length: 1 + below(2 + below(7)) }, () => one(PIECES)).join("");

const texts = new Set(["", " ", "now", "null", "NaN", "Infinity", "undefined", "true", "+275760-09-13T00:00:00.001Z",
  "-271821-04-19T23:59:59.999Z", "+275760-09-13T00:00:00Z", "24:00:00z275760+12345:Dec/", "1 Oct 275760 00:00 +5000", "-271821-04-20T00:00:00Z", "0".repeat(400), "9".repeat(400)]);
for (const form of FORMS) for (const at of moments) texts.add(form(at));
for (let i = 0; i < 6000; i++) texts.add(mishap(one(FORMS)(one(moments))));
for (let i = 0; i < 1500; i++) texts.add(mishap(mishap(one(FORMS)(one(moments)))));
for (let i = 0; i < 5000; i++) texts.add(pieces());

const inAscii = (text) => text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const lines = [JSON.stringify(process.version)];
for (const text of texts) lines.push(inAscii(JSON.stringify([text, Date.parse(text)])));
process.stdout.write(gzipSync(lines.join("\n") + "\n", { level: 9 }));
