// The methods of the console that ordinary lines do not need: groups, counts, timers, assertions, traces, `dir` and tables.
// The clock stands still, so every timer has run for 0 ms.

(lib, host) => {
  "use strict";

  const {
    NativeError, NativeMap, NativeString, NativeTypeError, defineHidden, exec, hasOwn, indexOf, isArray, join, keys, kindOf, levels, list, longestLine, mapDelete,
    mapForEach, mapGet, mapHas, mapSet, need, nodeError, printText, printValues, received, repeat, setForEach, slice, textOf,
  } = lib;

  const STEP = "  ";
  const DEEPEST_GROUP = 500;
  const DEFAULT_LABEL = "default";

  const labelOf = (given) => (given === undefined ? DEFAULT_LABEL : textOf(given));
  const warn = (text) => printText(levels.warn, "Warning: " + text);

  // ---- groups

  lib.indentedByGroups = (text) => { // as much of it as is printed
    const lines = list();
    let from = 0;
    let room = longestLine;
    for (let end = indexOf(text, "\n"); end >= 0 && room > 0; end = indexOf(text, "\n", from)) {
      lines[lines.length] = slice(text, from, end);
      room -= lib.groupIndentation.length + end - from + 1;
      from = end + 1;
    }
    lines[lines.length] = slice(text, from, from + longestLine);
    return lib.groupIndentation + join(lines, "\n" + lib.groupIndentation);
  };

  function group() {
    if (arguments.length > 0) printValues(levels.log, arguments);
    if (lib.groupIndentation.length < DEEPEST_GROUP * STEP.length) lib.groupIndentation += STEP;
  }

  function groupEnd() {
    lib.groupIndentation = slice(lib.groupIndentation, STEP.length);
  }

  // ---- counts and timers, by their labels

  const counts = new NativeMap();
  const running = new NativeMap();

  function count(given) {
    const label = labelOf(given);
    const reached = (mapGet(counts, label) ?? 0) + 1;
    mapSet(counts, label, reached);
    printText(levels.log, label + ": " + reached);
  }

  function countReset(given) {
    const label = labelOf(given);
    if (!mapDelete(counts, label)) warn("Count for '" + label + "' does not exist");
  }

  function time(given) {
    const label = labelOf(given);
    if (mapHas(running, label)) warn("Label '" + label + "' already exists for console.time()");
    mapSet(running, label, true);
  }

  function elapsed(method, label, more) {
    if (!mapHas(running, label)) {
      warn("No such label '" + label + "' for console." + method + "()");
      return;
    }
    const values = list();
    values[0] = "%s: 0ms";
    values[1] = label;
    for (let i = 1; i < more.length; i++) values[i + 1] = more[i];
    printValues(levels.log, values);
  }

  function timeLog(given) {
    elapsed("timeLog", labelOf(given), arguments);
  }

  function timeEnd(given) {
    const label = labelOf(given);
    elapsed("timeEnd", label, list());
    mapDelete(running, label);
  }

  // ---- messages about the script

  function assert(_, reason) { // that does not hold
    const values = list();
    values[0] = arguments.length > 1 ? "Assertion failed: " + textOf(reason) : "Assertion failed";
    for (let i = 2; i < arguments.length; i++) values[i - 1] = arguments[i];
    printValues(levels.warn, values);
  }

  function trace() {
    if (!host.hasRoom()) return;
    need("inspection");
    const place = new NativeError(lib.format(arguments));
    defineHidden(place, "name", "Trace");
    printText(levels.error, lib.stackOf(place));
  }

  function dir(value, given) {
    if (!host.hasRoom()) return;
    need("inspection");
    const options = { __proto__: null, customInspect: false };
    const names = given === null || typeof given !== "object" ? list() : keys(given);
    for (let i = 0; i < names.length; i++) options[names[i]] = bounded(names[i], given[names[i]]);
    printText(levels.log, lib.inspect(value, options));
  }

  const BOUNDS = { __proto__: null, maxArrayLength: 10000, maxStringLength: 1 << 20 }; // for a line takes no more

  function bounded(name, value) {
    const most = BOUNDS[name];
    return most === undefined || value === undefined || (value !== null && value <= most) ? value : most;
  }

  // ---- tables: a list of heads, and for each row a list of cells, undefined where there is nothing. What is printed is cut
  // after `longestLine` characters, so a table ends with the row that surely lies beyond them: `room` is what is left for the
  // rows to come at most, since columns only get wider.

  const INDEX = "(index)";
  const POSITION = "(iteration index)";
  const FEW_MEMBERS = 2;

  const isPrimitive = (value) => value === null || (typeof value !== "object" && typeof value !== "function");

  const PARTING = 3; // characters around each cell
  const OTHER_THAN_ASCII = /[^ -~]/;
  const widthOf = (text) => (exec(OTHER_THAN_ASCII, text) === null ? text.length : lib.widthOf(text));

  function lengthOf(cells) {
    let length = 0;
    for (let i = 0; i < cells.length; i++) length += cells[i].length + PARTING;
    return length;
  }

  function cellOf(value) {
    return lib.plainPrimitive(value) ?? inspected(value);
  }

  function inspected(value) { // an object of more than two members is only named
    const isLarge = !isPrimitive(value) && typeof value === "object" && !isArray(value) && kindOf(value) !== "TypedArray"
      && keys(value).length > FEW_MEMBERS;
    return lib.inspect(value, { depth: isLarge ? -1 : 0, maxArrayLength: 3, breakLength: Infinity });
  }

  function rowOf() {
    const row = list();
    for (let i = 0; i < arguments.length; i++) row[i] = arguments[i];
    return row;
  }

  function tableOfMap(map) {
    const rows = list();
    let room = longestLine;
    mapForEach(map, (value, key) => {
      if (room <= 0) return;
      const row = rowOf(textOf(rows.length), cellOf(key), cellOf(value));
      rows[rows.length] = row;
      room -= lengthOf(row);
    });
    return drawn(rowOf(POSITION, "Key", "Values"), rows);
  }

  function tableOfSet(set) {
    const rows = list();
    let room = longestLine;
    setForEach(set, (value) => {
      if (room <= 0) return;
      const row = rowOf(textOf(rows.length), cellOf(value));
      rows[rows.length] = row;
      room -= lengthOf(row);
    });
    return drawn(rowOf(POSITION, "Values"), rows);
  }

  function tableOfObject(data, properties) {
    const names = keys(data);
    const records = list();
    const columns = { __proto__: null }; // in the order of members. Cells are not kept so: two objects that get the same members
    // in turns would share what the engine knows of their shape, which it copies each time that one of them departs
    let hasValues = false;
    let room = longestLine;
    let width = PARTING;
    for (let i = 0; i < names.length && room > 0; i++) {
      room -= width + names[i].length;
      const item = data[names[i]];
      const isValue = isPrimitive(item);
      records[i] = { __proto__: null, name: names[i], cells: new NativeMap(), value: undefined };
      if (isValue && properties === undefined) {
        hasValues = true;
        records[i].value = cellOf(item);
        room -= records[i].value.length;
        continue;
      }
      const members = properties === undefined ? keys(item) : properties;
      for (let j = 0; j < members.length && room > 0; j++) {
        const name = typeof members[j] === "symbol" ? members[j] : NativeString(members[j]);
        if (columns[name] === undefined) {
          columns[name] = true;
          width += PARTING;
          room -= PARTING;
        }
        if (isValue || !hasOwn(item, name)) continue;
        const cell = cellOf(item[name]);
        mapSet(records[i].cells, name, cell);
        room -= cell.length;
      }
    }
    return drawnRecords(records, keys(columns), hasValues);
  }

  function drawnRecords(records, columns, hasValues) {
    const heads = rowOf(INDEX);
    for (let j = 0; j < columns.length; j++) heads[j + 1] = columns[j];
    if (hasValues) heads[heads.length] = "Values";
    const rows = list();
    const most = longestLine / (PARTING * heads.length); // the last record may have brought many columns
    for (let i = 0; i < records.length && i <= most; i++) {
      const { name, cells, value } = records[i];
      rows[i] = rowOf(name);
      for (let j = 0; j < columns.length; j++) rows[i][j + 1] = mapGet(cells, columns[j]);
      if (hasValues) rows[i][columns.length + 1] = value;
    }
    return drawn(heads, rows);
  }

  function drawn(heads, rows) {
    const widths = list();
    for (let j = 0; j < heads.length; j++) {
      widths[j] = widthOf(heads[j]);
      for (let i = 0; i < rows.length; i++) {
        const width = rows[i][j] === undefined ? 0 : widthOf(rows[i][j]);
        if (width > widths[j]) widths[j] = width;
      }
    }
    const lines = rowOf(ruled(widths, "┌", "┬", "┐"), filled(heads, widths), ruled(widths, "├", "┼", "┤"));
    for (let i = 0; i < rows.length; i++) lines[lines.length] = filled(rows[i], widths);
    lines[lines.length] = ruled(widths, "└", "┴", "┘");
    return join(lines, "\n");
  }

  function ruled(widths, left, joint, right) {
    const parts = list();
    for (let j = 0; j < widths.length; j++) parts[j] = repeat("─", widths[j] + 2);
    return left + join(parts, joint) + right;
  }

  function filled(cells, widths) {
    const parts = list();
    for (let j = 0; j < widths.length; j++) {
      const cell = cells[j] ?? "";
      parts[j] = " " + cell + repeat(" ", widths[j] - widthOf(cell)) + " ";
    }
    return "│" + join(parts, "│") + "│";
  }

  function table(data, properties) {
    if (properties !== undefined && !isArray(properties)) {
      throw nodeError(
        NativeTypeError, "ERR_INVALID_ARG_TYPE", 'The "properties" argument must be an instance of Array.' + received(properties),
      );
    }
    if (!host.hasRoom()) return;
    need("inspection");
    need("plain_values");
    if (data === null || typeof data !== "object") printValues(levels.log, rowOf(data));
    else if (kindOf(data) === "Map") printText(levels.log, tableOfMap(data));
    else if (kindOf(data) === "Set") printText(levels.log, tableOfSet(data));
    else printText(levels.log, tableOfObject(data, properties));
  }

  lib.consoleMethods = {
    __proto__: null, assert, count, countReset, dir, group, groupEnd, table, time, timeEnd, timeLog, trace,
  };
}
