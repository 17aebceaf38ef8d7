// Time zones: ({ zones, kinds, names, links }, dataOf, differ) => { canonical, offsetAt, nameAt }.
//
// Beyond the stored transitions the last rules repeat, as the calendar does every 28 years until 2100.

(data, dataOf, differ) => {
  "use strict";

  const HORIZON = Date.UTC(2056, 0, 1);
  const MOROCCAN = new Set(["Africa/Casablanca", "Africa/El_Aaiun"]); // whose rules follow another calendar
  const byUpperCase = new Map();
  for (const name of [...Object.keys(data.zones), ...Object.keys(data.links)])
    byUpperCase.set(name.toUpperCase(), name);
  const histories = new Map();

  function canonical(name) {
    const known = byUpperCase.get(name.toUpperCase());
    if (known === undefined) throw new RangeError(`Invalid time zone specified: ${name}`);
    return data.links[known] ?? known;
  }

  function historyOf(zone) {
    if (!histories.has(zone)) {
      const starts = [];
      const kinds = [];
      let last = 0;
      for (const transition of data.zones[zone].split(" ")) {
        const [after, kind] = transition.split(",");
        if (after !== "") last += parseInt(after, 36);
        starts.push(after === "" ? -Infinity : last * 1000);
        kinds.push(data.kinds[parseInt(kind, 36)]);
      }
      histories.set(zone, { starts, kinds });
    }
    return histories.get(zone);
  }

  function withinHistory(time) {
    if (time < HORIZON) return time;
    const year = new Date(time).getUTCFullYear();
    let alike = 2028;
    while (!areAlike(year, alike)) alike++;
    return time - Date.UTC(year, 0, 1) + Date.UTC(alike, 0, 1);
  }

  const areAlike = (year, other) =>
    new Date(Date.UTC(year, 0, 1)).getUTCDay() === new Date(Date.UTC(other, 0, 1)).getUTCDay() &&
    new Date(Date.UTC(year, 1, 29)).getUTCMonth() === new Date(Date.UTC(other, 1, 29)).getUTCMonth();

  function kindAt(zone, time) {
    const { starts, kinds } = historyOf(zone);
    if (time >= HORIZON && MOROCCAN.has(zone)) differ("morocco");
    const moment = withinHistory(time);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= moment) low = middle;
      else high = middle - 1;
    }
    return kinds[low];
  }

  function offsetName(seconds, minus, isLong) {
    const absolute = Math.abs(seconds);
    const [hours, minutes, rest] = [Math.floor(absolute / 3600), Math.floor(absolute / 60) % 60, absolute % 60];
    const two = (number) => String(number).padStart(2, "0");
    let text = `GMT${seconds < 0 ? minus : "+"}${isLong ? two(hours) : hours}`;
    if (isLong || minutes > 0 || rest > 0) text += `:${two(minutes)}`;
    return rest > 0 ? `${text}:${two(rest)}` : text;
  }

  // `style` as in the option `timeZoneName`.
  function nameAt(zone, time, style, locale) {
    const [offset, index] = kindAt(zone, time);
    const isLong = style.startsWith("long");
    const name = style.endsWith("Offset") ? "" : data.names[locale][index].split("|")[isLong ? 1 : 0];
    return name === "" ? offsetName(offset, dataOf(locale).dates.minus, isLong) : name;
  }

  const offsetAt = (zone, time) => (zone === "UTC" ? 0 : kindAt(zone, time)[0] * 1000);

  return { canonical, offsetAt, nameAt };
};
