// The history of each time zone, and the names that its times have in each locale, as ICU knows them.
//
// `zones[name]` is a text of transitions, "seconds since the one before, in base 36" + "," + index of a kind, between spaces; the
// first begins at -2^53 milliseconds. `kinds` are [offset in seconds, index of the names]. After HORIZON ICU's rules repeat.

import { readFileSync } from "node:fs";

const DAY = 86400;
const START = Date.UTC(1830, 0, 1) / 1000;
const HORIZON = Date.UTC(2056, 0, 1) / 1000;
const STEP = 3 * DAY;
const NAME_STYLES = { short: "shortOffset", long: "longOffset" };

const namer = (locale, timeZone, timeZoneName) => {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName });
  return (seconds) => format.formatToParts(seconds * 1000).find(({ type }) => type === "timeZoneName").value;
};

function offsetOf(text) {
  // "GMT-03:06:28"
  const [, sign, hours, minutes, seconds = "0"] =
    /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text)?.map((one) => one ?? "0") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

function transitions(zone) {
  const offset = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset", day: "numeric" });
  const named = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "long", day: "numeric" });
  const strip = (text) => text.slice(text.indexOf(",") + 2);
  const at = (seconds) => `${strip(offset.format(seconds * 1000))}|${strip(named.format(seconds * 1000))}`;
  const found = [[null, at(START)]];
  for (let from = START; from < HORIZON; from += STEP) {
    const [, before] = found.at(-1);
    let high = Math.min(from + STEP, HORIZON);
    if (at(high) === before) continue;
    let low = from;
    while (at(high) !== found.at(-1)[1]) {
      low = Math.max(low, found.at(-1)[0] ?? from);
      let end = high;
      while (end - low > 1) {
        const middle = Math.floor((low + end) / 2);
        if (at(middle) === found.at(-1)[1]) low = middle;
        else end = middle;
      }
      found.push([end, at(end)]);
      low = end;
    }
  }
  return found;
}

// The names that a version of the time zone database has besides those that ICU lists, by what ICU calls them.
function aliases(names) {
  const canonical = {};
  for (const name of names) {
    try {
      canonical[name] = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      /* ICU does not know it */
    }
  }
  return canonical;
}

function namesIn(path) {
  return new Set(readFileSync(path, "utf8").match(/\b[A-Z][A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*[A-Z0-9+-]*\b/g));
}

export function timeZones(locales, paths) {
  const known = new Set(Intl.supportedValuesOf("timeZone"));
  const linked = aliases(paths.flatMap((path) => [...namesIn(path)]));
  for (const name of Object.values(linked)) known.add(name);
  for (const [name, canonical] of Object.entries(linked)) if (name === canonical) delete linked[name];

  const zones = {};
  const kinds = [];
  const kindOf = new Map();
  const names = Object.fromEntries(locales.map(([locale]) => [locale, {}]));
  const namesOf = new Map();

  for (const zone of [...known].sort()) {
    const namers = locales.map(([, tag]) =>
      Object.entries(NAME_STYLES).map(([style, computed]) => [namer(tag, zone, style), namer(tag, zone, computed)]),
    );
    let last = 0;
    zones[zone] = transitions(zone)
      .map(([seconds, label], index, all) => {
        const next = all[index + 1]?.[0] ?? HORIZON;
        const inside = (seconds ?? next - DAY) + Math.min(DAY, Math.floor((next - (seconds ?? next - DAY)) / 2));
        const offset = offsetOf(label.split("|")[0]);
        const texts = namers.map((styles) =>
          styles.map(([name, computed]) => (name(inside) === computed(inside) ? "" : name(inside))).join("|"),
        );
        const key = JSON.stringify(texts);
        if (!namesOf.has(key)) {
          namesOf.set(key, namesOf.size);
          locales.forEach(([locale], i) => {
            names[locale][namesOf.size - 1] = texts[i];
          });
        }
        const kind = `${offset} ${namesOf.get(key)}`;
        if (!kindOf.has(kind)) {
          kindOf.set(kind, kinds.length);
          kinds.push([offset, namesOf.get(key)]);
        }
        const text = `${seconds === null ? "" : (seconds - last).toString(36)},${kindOf.get(kind).toString(36)}`;
        last = seconds ?? 0;
        return text;
      })
      .join(" ");
  }
  return { zones, kinds, names, links: linked };
}
