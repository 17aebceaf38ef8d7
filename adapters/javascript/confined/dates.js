// Date strings as V8 reads them, so that `Date.parse` gives what it gives in Node with TZ=UTC.
//
// ECMAScript fixes one format and leaves every other string to the implementation; data holds the others all the same
// (Python's `str()`, psql, Excel, logs). V8 reads a string once, token by token. It follows the standard format as far
// as the tokens allow, and reads what is left leniently: numbers become parts of a day or of a time by the sign that
// follows them, words are the names of months and zones, text in parentheses is skipped.
//
// The value of this file is a function that takes what it needs of the language and gives `parse(text)`: milliseconds
// since 1970, or NaN. A string is primitive, so no script runs in the middle of a reading and one state serves all.
// By the time of a call scripts may have replaced any builtin, so nothing that `parse` calls uses one: no iterators, and
// no template literals, which this engine makes with `String.prototype.concat`.

(charCodeAt, exec, utc, engineParse) => {
  "use strict";

  // ---- the commonest forms, which need no reading token by token: a tenth of the time. Each is read alike in both ways

  const DATE = "(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])";
  const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?";
  const DAY = "(0?[1-9]|[12]\\d|3[01])";
  const STANDARD = new RegExp(`^\\d{4}-${DATE}(?:T${TIME}(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)?)?$`);
  const SPACED = new RegExp(`^((?!00)\\d{4}-${DATE}) (${TIME})(?:Z|([+-])(\\d\\d):?([0-5]\\d)?)?$`); // Python, pandas, psql
  const SLASHED = new RegExp(`^${DAY}/${DAY}/((?!00)\\d{4})$`);

  function parseCommon(source) { // undefined where it has none of these forms
    if (exec(STANDARD, source) !== null) return engineParse(source);
    const spaced = exec(SPACED, source);
    if (spaced !== null) return spacedTime(spaced);
    const slashed = exec(SLASHED, source);
    if (slashed === null) return undefined;
    return slashed[1] <= 12 ? utc(slashed[3], slashed[1] - 1, slashed[2]) : NaN;
  }

  function spacedTime(found) {
    return engineParse(found[1] + "T" + found[2] + "Z") - offsetOf(found[3], found[4], found[5]);
  }

  function offsetOf(written, hours, minutes) {
    if (written === undefined) return 0;
    const size = (hours * 60 + (minutes === undefined ? 0 : +minutes)) * 60000;
    return written === "-" ? -size : size;
  }

  // ---- tokens: `kind` and the two beside it tell of the next token, which has not been taken yet

  const [END, NUMBER, WORD, SPACE, PLUS, MINUS, COLON, DOT, CLOSING, OTHER] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const SIGNIFICANT_DIGITS = 9; // after the zeros in front; more of them count as length, not as value
  let text = "";
  let at = 0;
  let code = 0; // of the character at `at`; 0 at the end, and a NUL ends the text as well
  let kind = END;
  let value = 0; // of a number; of a word its first three letters, see `letters`
  let length = 0; // in characters

  function step() {
    at++;
    code = at < text.length ? charCodeAt(text, at) : 0;
  }

  const isDigit = (one) => one >= 48 && one <= 57;
  const isSpace = (one) => one === 32 || (one >= 9 && one <= 13) || (one >= 160 && isWideSpace(one));
  const isWideSpace = (one) => one === 0xa0 || one === 0x1680 || (one >= 0x2000 && one <= 0x200a)
    || one === 0x202f || one === 0x205f || one === 0x3000 || one === 0xfeff;
  const isLetter = (one) => one >= 65 && !isSpace(one); // and whatever else is beyond the digits and signs of ASCII

  // Up to three letters as one number, so that words can be compared without making strings.
  const packed = (sum, letter) => sum * 65536 + letter;

  function next() {
    const start = at;
    if (code === 0) kind = END;
    else if (isDigit(code)) number();
    else if (isLetter(code)) word();
    else if (code === 40) parentheses();
    else symbol(code);
    length = at - start;
  }

  function number() {
    kind = NUMBER;
    value = 0;
    while (code === 48) step();
    for (let digits = 0; code >= 48 && code <= 57; digits++, step()) {
      if (digits < SIGNIFICANT_DIGITS) value = value * 10 + (code - 48);
    }
  }

  function word() {
    kind = WORD;
    value = 0;
    for (let read = 0; isLetter(code); read++, step()) {
      if (read < 3) value = packed(value, code <= 90 ? code + 32 : code);
    }
  }

  function parentheses() {
    kind = OTHER;
    let depth = 0;
    do {
      if (code === 40) depth++;
      else if (code === 41) depth--;
      step();
    } while (depth > 0 && code !== 0);
  }

  function symbol(one) {
    step();
    switch (one) {
      case 43: kind = PLUS; break;
      case 45: kind = MINUS; break;
      case 58: kind = COLON; break;
      case 46: kind = DOT; break;
      case 41: kind = CLOSING; break;
      default: kind = isSpace(one) ? SPACE : OTHER;
    }
  }

  const isSign = () => kind === PLUS || kind === MINUS;
  const isNumberOf = (digits) => kind === NUMBER && length === digits;

  function skip(wanted) {
    if (kind !== wanted) return false;
    next();
    return true;
  }

  function take() { // the number that comes next
    const taken = value;
    next();
    return taken;
  }

  // ---- words: a month is known by its first three letters, every other word has to be whole

  const months = { __proto__: null };
  const zones = { __proto__: null }; // hours east of Greenwich
  const halves = { __proto__: null }; // hours to add to an hour of a twelve-hour clock
  const letters = (name) => {
    let sum = 0;
    for (let i = 0; i < name.length; i++) sum = packed(sum, charCodeAt(name, i));
    return sum;
  };
  let position = 0;
  for (const name of ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]) {
    months[letters(name)] = ++position;
  }
  for (const name of ["ut", "utc", "z", "gmt"]) zones[letters(name)] = 0;
  for (const [name, hours] of [
    ["cdt", -5], ["cst", -6], ["edt", -4], ["est", -5], ["mdt", -6], ["mst", -7], ["pdt", -7], ["pst", -8],
  ]) zones[letters(name)] = hours;
  halves[letters("am")] = 0;
  halves[letters("pm")] = 12;
  const T = letters("t");
  const Z = letters("z");

  const isWord = (wanted) => kind === WORD && length === 1 && value === wanted;
  const whole = (known) => (length <= 3 ? known[value] : undefined);

  // ---- what has been read so far. NONE marks what has not

  const NONE = -1;
  let parts = 0; // of a day: how many of the three numbers below there are
  let [first, second, third, month] = [0, 0, 0, NONE];
  let standard = false; // whether the whole text has the standard format
  let fields = 0; // of a time: how many of the four numbers below there are
  let [hour, minute, secondOf, millisecond, half] = [0, 0, 0, 0, NONE];
  let sign = 0; // of the zone; 0 for none
  let [zoneHour, zoneMinute] = [NONE, NONE];

  function forget() {
    parts = fields = sign = 0;
    first = second = third = hour = minute = secondOf = millisecond = 0;
    month = half = zoneHour = zoneMinute = NONE;
    standard = false;
  }

  function addPart(n) {
    if (parts === 3) return false;
    if (parts === 0) first = n;
    else if (parts === 1) second = n;
    else third = n;
    parts++;
    return true;
  }

  function addField(n) {
    if (fields === 4) return false;
    if (fields === 0) hour = n;
    else if (fields === 1) minute = n;
    else if (fields === 2) secondOf = n;
    else millisecond = n;
    fields++;
    return true;
  }

  function endTime(n) {
    if (!addField(n)) return false;
    fields = 4;
    return true;
  }

  function setZone(hours) {
    sign = hours < 0 ? -1 : 1;
    zoneHour = hours * sign;
    zoneMinute = 0;
  }

  const isMonth = (n) => n >= 1 && n <= 12;
  const isDay = (n) => n >= 1 && n <= 31;
  const isSixtieth = (n) => n >= 0 && n <= 59;

  // Whether `n` may be the next field of a time whose earlier fields are there.
  function fitsTime(n) {
    switch (fields) {
      case 1: case 2: return isSixtieth(n);
      case 3: return n <= 999;
      default: return false;
    }
  }

  const fitsZone = (n) => zoneHour !== NONE && zoneMinute === NONE && isSixtieth(n);

  function thousandths() { // the fraction that comes next, of which three digits count
    const digits = length < SIGNIFICANT_DIGITS ? length : SIGNIFICANT_DIGITS;
    let n = take();
    for (let i = digits; i < 3; i++) n *= 10;
    for (let i = digits; i > 3; i--) n = (n - (n % 10)) / 10;
    return n;
  }

  // ---- the standard format: [±yy]yyyy[-MM[-DD]][THH:mm[:ss[.sss]][Z|±HH:mm]]
  // What it has read stays read where it stops: the lenient reading goes on from there. After the T there is no way back.

  const REFUSED = false;

  function readStandard() {
    if (!standardYear()) return true;
    if (skip(MINUS)) {
      if (!isNumberOf(2) || !isMonth(value)) return true;
      addPart(take());
      if (skip(MINUS)) {
        if (!isNumberOf(2) || !isDay(value)) return true;
        addPart(take());
      }
    }
    if (isWord(T)) {
      next();
      if (!standardTime()) return REFUSED;
    } else if (kind !== END) return true;
    if (sign === 0 && fields === 0) setZone(0);
    standard = true;
    return true;
  }

  function standardYear() {
    if (isSign()) {
      const isNegative = kind === MINUS;
      next(); // where no such year follows, the sign stands before any number, where it means nothing
      if (!isNumberOf(6)) return false;
      if (isNegative && value === 0) { // and the number is lost with its sign
        next();
        return false;
      }
      return addPart(isNegative ? -take() : take());
    }
    return isNumberOf(4) && addPart(take());
  }

  function standardTime() {
    if (!isNumberOf(2) || value > 24) return REFUSED;
    const greatest = value === 24 ? 0 : 59;
    addField(take());
    if (!skip(COLON) || !standardField(greatest)) return REFUSED;
    if (skip(COLON)) {
      if (!standardField(greatest)) return REFUSED;
      if (skip(DOT)) {
        if (kind !== NUMBER || (greatest === 0 && value > 0)) return REFUSED;
        addField(thousandths());
      }
    }
    return standardZone() && kind === END;
  }

  function standardField(greatest) {
    return isNumberOf(2) && value <= greatest && addField(take());
  }

  function standardZone() {
    if (isWord(Z)) {
      next();
      setZone(0);
    } else if (isSign()) {
      sign = kind === PLUS ? 1 : -1;
      next();
      if (isNumberOf(4)) {
        const digits = take();
        zoneMinute = digits % 100;
        zoneHour = (digits - zoneMinute) / 100;
        return zoneHour <= 23 && isSixtieth(zoneMinute);
      }
      if (!isNumberOf(2) || value > 23) return REFUSED;
      zoneHour = take();
      if (!skip(COLON) || !isNumberOf(2) || !isSixtieth(value)) return REFUSED;
      zoneMinute = take();
    }
    return true;
  }

  // ---- the lenient reading

  let numbered = false; // from the first number on, words and signs have to mean something

  function readLeniently() {
    numbered = parts > 0;
    while (kind !== END) {
      if (!readOne()) return REFUSED;
    }
    return true;
  }

  function readOne() {
    if (kind === NUMBER) return readNumber(take());
    if (kind === WORD) return readWord();
    if (isSign() && (fields > 0 || (zoneHour === 0 && zoneMinute === 0))) return readOffset();
    if ((isSign() || kind === CLOSING) && numbered) return REFUSED;
    next();
    return true;
  }

  function readNumber(n) {
    numbered = true;
    if (skip(COLON)) return readHourOrMinute(n);
    if (kind === DOT && (next(), fitsTime(n))) return readFraction(n);
    if (fitsZone(n)) {
      zoneMinute = n;
      return true;
    }
    if (fitsTime(n)) {
      endTime(n);
      return kind === END || kind === SPACE || isWord(Z) || isSign();
    }
    if (!addPart(n)) return REFUSED;
    skip(MINUS);
    return true;
  }

  function readHourOrMinute(n) {
    if (skip(COLON)) return fields === 0 && addField(n) && addField(0);
    if (!addField(n)) return REFUSED;
    skip(DOT);
    return true;
  }

  function readFraction(seconds) {
    addField(seconds);
    if (kind !== NUMBER) return REFUSED;
    endTime(thousandths());
    return true;
  }

  function readWord() {
    const halfOfDay = whole(halves);
    const zone = whole(zones);
    const named = months[value];
    next();
    if (halfOfDay !== undefined && fields > 0) half = halfOfDay;
    else if (named !== undefined) {
      month = named;
      skip(MINUS);
    } else if (zone !== undefined && numbered) setZone(zone);
    else return !numbered && kind !== NUMBER;
    return true;
  }

  function readOffset() {
    sign = kind === PLUS ? 1 : -1;
    next();
    numbered = true;
    const digits = kind === NUMBER ? length : 0;
    const n = kind === NUMBER ? take() : 0;
    if (kind === COLON) {
      zoneHour = n;
      zoneMinute = NONE;
      return true;
    }
    if (digits === 0 || digits > 4) return REFUSED;
    zoneMinute = digits > 2 ? n % 100 : 0;
    zoneHour = digits > 2 ? (n - zoneMinute) / 100 : n;
    return true;
  }

  // ---- from parts to a moment

  const DAY_MS = 86400000;
  const CYCLE_YEARS = 400; // after which the calendar repeats itself
  const CYCLE_MS = 146097 * DAY_MS;
  const FAR_YEAR = 200000;
  const LATEST_MS = 8640000000000000;

  function day() { // the start of the day in milliseconds, NaN if it is none. A part that is missing is a 1
    if (parts === 0) return NaN;
    if (parts < 2) second = 1;
    if (parts < 3) third = 1;
    if (month !== NONE) return isDay(first) ? dayOf(second, month, first) : dayOf(first, month, second);
    return standard || !isDay(first) ? dayOf(first, second, third) : dayOf(third, first, second);
  }

  function dayOf(written, monthOf, date) {
    if (!isMonth(monthOf) || !isDay(date)) return NaN;
    const year = standard || written < 0 || written > 99 ? written : written + (written <= 49 ? 2000 : 1900);
    const cycles = cyclesFrom(year);
    return utc(year + cycles * CYCLE_YEARS, monthOf - 1, date) - cycles * CYCLE_MS;
  }

  // By how many cycles a year is moved for `Date.UTC`, which takes 0 to 99 for years of the twentieth century, and gives NaN
  // for a day beyond the last one, which an offset may yet bring back.
  function cyclesFrom(year) {
    if (year > FAR_YEAR) return -1;
    return year < -FAR_YEAR || (year >= 0 && year <= 99) ? 1 : 0;
  }

  function timeOfDay() {
    if (half !== NONE) {
      if (hour > 12) return NaN;
      hour = (hour % 12) + half;
    }
    const isMidnight = hour === 24 && minute === 0 && secondOf === 0 && millisecond === 0;
    const isTime = hour <= 23 && isSixtieth(minute) && isSixtieth(secondOf) && millisecond <= 999;
    return isTime || isMidnight ? ((hour * 60 + minute) * 60 + secondOf) * 1000 + millisecond : NaN;
  }

  function offset() {
    if (sign === 0) return 0;
    const seconds = (zoneHour === NONE ? 0 : zoneHour) * 3600 + (zoneMinute === NONE ? 0 : zoneMinute) * 60;
    const wrapped = seconds >>> 0; // V8 counts them in 32 bits, so that absurd offsets begin anew
    return wrapped <= 0x7fffffff ? sign * wrapped * 1000 : NaN;
  }

  function parseTokens(source) {
    text = source;
    at = -1;
    forget();
    step();
    next();
    const isRead = readStandard() && readLeniently();
    text = ""; // it may be large
    if (!isRead) return NaN;
    const moment = day() + timeOfDay() - offset();
    return moment >= -LATEST_MS && moment <= LATEST_MS ? moment : NaN;
  }

  const LONGEST_COMMON = 40;

  return (source) => {
    const common = source.length <= LONGEST_COMMON ? parseCommon(source) : undefined;
    return common === undefined ? parseTokens(source) : common;
  };
}
