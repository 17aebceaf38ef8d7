// The rest of timsort (Tim Peters, listsort.txt) with the parameters of V8: runs are merged in its order, so that comparators
// are called with the same values in the same order, and give the same result even where they are inconsistent.
//
// The engine sorts first, which is several times faster: where its result shows the comparator to be consistent there is
// only one stable order, and the comparator's calls differ from V8's. Where not, timsort decides.

(lib) => {
  "use strict";

  const { apply, countRun, insertBinary, list, max, min, nativeSort, ordered } = lib;

  function copy(from, start, to, target, count) {
    if (from === to && start < target) for (let i = count - 1; i >= 0; i--) to[target + i] = from[start + i];
    else for (let i = 0; i < count; i++) to[target + i] = from[start + i];
  }

  const SHORT = 64; // up to here the calls themselves are V8's

  lib.sortLong = (values, compare, exactly = timsort) => { // V8 has another sort for typed arrays
    if (values.length <= SHORT) return exactly(values, compare);
    const sorted = list();
    copy(values, 0, sorted, 0, values.length);
    apply(nativeSort, sorted, [compare]);
    return isConsistent(sorted, compare) ? sorted : exactly(values, compare);
  };

  // Values that compare equal stand in groups. Each value is compared with its neighbour, in both directions, with the first
  // of its own group, and with the nearest of the groups beside it.
  function isConsistent(sorted, compare) {
    let first = 0;
    for (let i = 1; i < sorted.length; i++) {
      const value = sorted[i];
      const order = compare(sorted[i - 1], value);
      if (typeof order !== "number" || !isOpposite(order, compare(value, sorted[i - 1]))) return false;
      if (order === 0) {
        if (first < i - 1 && compare(sorted[first], value) !== 0) return false;
        if (first > 0 && !(compare(sorted[first - 1], value) < 0)) return false;
        continue;
      }
      for (let j = first; j < i - 1; j++) if (!(compare(sorted[j], value) < 0)) return false;
      first = i;
    }
    return true;
  }

  const isOpposite = (order, reverse) => typeof reverse === "number" && (order < 0 ? reverse > 0 : order === 0 && reverse === 0);

  // ---- A sort's state: the values, the comparator, the runs that are not merged yet, and when to gallop

  const GALLOP = 7;

  function timsort(values, compare) {
    const state = { __proto__: null, values, compare, starts: list(), lengths: list(), gallop: GALLOP };
    const { lengths } = state;
    let low = 0;
    let left = values.length;
    const shortest = shortestRun(left);
    while (left > 0) {
      let length = countRun(state, low, low + left);
      if (length < shortest) {
        const forced = min(shortest, left);
        insertBinary(state, low, low + length, low + forced);
        length = forced;
      }
      state.starts[lengths.length] = low;
      lengths[lengths.length] = length;
      collapse(state);
      low += length;
      left -= length;
    }
    while (lengths.length > 1) mergeAt(state, shorterNeighbour(lengths));
    return values;
  }

  function shortestRun(count) {
    let rest = count;
    let odd = 0;
    while (rest >= 64) {
      odd |= rest & 1;
      rest >>= 1;
    }
    return rest + odd;
  }

  const isInvariant = (lengths, at) => at < 2 || lengths[at - 2] > lengths[at - 1] + lengths[at];

  function shorterNeighbour(lengths) {
    const at = lengths.length - 2;
    return at > 0 && lengths[at - 1] < lengths[at + 1] ? at - 1 : at;
  }

  function collapse(state) {
    const { lengths } = state;
    while (lengths.length > 1) {
      const at = lengths.length - 2;
      if (!isInvariant(lengths, at + 1) || !isInvariant(lengths, at)) mergeAt(state, shorterNeighbour(lengths));
      else if (lengths[at] <= lengths[at + 1]) mergeAt(state, at);
      else return;
    }
  }

  function mergeAt(state, at) {
    const { values, starts, lengths } = state;
    let baseA = starts[at];
    let lengthA = lengths[at];
    const baseB = starts[at + 1];
    let lengthB = lengths[at + 1];
    lengths[at] = lengthA + lengthB;
    if (at === lengths.length - 3) {
      starts[at + 1] = starts[at + 2];
      lengths[at + 1] = lengths[at + 2];
    }
    lengths.length--;
    starts.length = lengths.length;
    const first = gallopRight(state, values, values[baseB], baseA, lengthA, 0);
    baseA += first;
    lengthA -= first;
    if (lengthA === 0) return;
    lengthB = gallopLeft(state, values, values[baseA + lengthA - 1], baseB, lengthB, lengthB - 1);
    if (lengthB === 0) return;
    if (lengthA <= lengthB) mergeLow(state, baseA, lengthA, baseB, lengthB);
    else mergeHigh(state, baseA, lengthA, baseB, lengthB);
  }

  // Where a key belongs in a sorted run, before its equals (left) or after them (right), looked for from `hint` on.

  function gallopLeft(state, run, key, base, length, hint) {
    let last = 0;
    let offset = 1;
    if (ordered(state, run[base + hint], key) < 0) {
      const most = length - hint;
      while (offset < most && ordered(state, run[base + hint + offset], key) < 0) {
        last = offset;
        offset = (offset << 1) + 1;
      }
      offset = min(offset, most) + hint;
      last += hint;
    } else {
      const most = hint + 1;
      while (offset < most && !(ordered(state, run[base + hint - offset], key) < 0)) {
        last = offset;
        offset = (offset << 1) + 1;
      }
      const before = last;
      last = hint - min(offset, most);
      offset = hint - before;
    }
    last++;
    while (last < offset) {
      const middle = last + ((offset - last) >> 1);
      if (ordered(state, run[base + middle], key) < 0) last = middle + 1;
      else offset = middle;
    }
    return offset;
  }

  function gallopRight(state, run, key, base, length, hint) {
    let last = 0;
    let offset = 1;
    if (ordered(state, key, run[base + hint]) < 0) {
      const most = hint + 1;
      while (offset < most && ordered(state, key, run[base + hint - offset]) < 0) {
        last = offset;
        offset = (offset << 1) + 1;
      }
      const before = last;
      last = hint - min(offset, most);
      offset = hint - before;
    } else {
      const most = length - hint;
      while (offset < most && !(ordered(state, key, run[base + hint + offset]) < 0)) {
        last = offset;
        offset = (offset << 1) + 1;
      }
      offset = min(offset, most) + hint;
      last += hint;
    }
    last++;
    while (last < offset) {
      const middle = last + ((offset - last) >> 1);
      if (ordered(state, key, run[base + middle]) < 0) offset = middle;
      else last = middle + 1;
    }
    return offset;
  }

  // Each merge copies the shorter run; `m` is what is left of both. A step answers DONE once nothing is left to compare.

  const DONE = true;

  function mergeLow(state, baseA, lengthA, baseB, lengthB) {
    const { values } = state;
    const run = list();
    copy(values, baseA, run, 0, lengthA);
    const m = { __proto__: null, run, a: 0, b: baseB, leftA: lengthA, leftB: lengthB, to: baseA, winsA: 0, winsB: 0 };
    values[m.to++] = values[m.b++];
    m.leftB--;
    mergeBy(state, m, stepLow, gallopLow, m.leftB === 0 || m.leftA === 1);
    if (m.leftB > 0) { // one value of the copy is left, and comes last
      copy(values, m.b, values, m.to, m.leftB);
      values[m.to + m.leftB] = run[m.a];
    } else copy(run, m.a, values, m.to, m.leftA);
  }

  function mergeBy(state, m, step, gallop, isDone) {
    if (isDone) return;
    let least = state.gallop;
    for (;;) {
      m.winsA = m.winsB = 0;
      do {
        if (step(state, m)) return;
      } while (m.winsA < least && m.winsB < least);
      least++;
      do {
        least = max(1, least - 1);
        state.gallop = least;
        if (gallop(state, m)) return;
      } while (m.winsA >= GALLOP || m.winsB >= GALLOP);
      least++;
      state.gallop = least;
    }
  }

  function stepLow(state, m) {
    const { values } = state;
    if (ordered(state, values[m.b], m.run[m.a]) < 0) {
      values[m.to++] = values[m.b++];
      m.winsB++;
      m.winsA = 0;
      return --m.leftB === 0;
    }
    values[m.to++] = m.run[m.a++];
    m.winsA++;
    m.winsB = 0;
    return --m.leftA === 1;
  }

  function gallopLow(state, m) {
    const { values } = state;
    m.winsA = gallopRight(state, m.run, values[m.b], m.a, m.leftA, 0);
    if (m.winsA > 0) {
      copy(m.run, m.a, values, m.to, m.winsA);
      m.to += m.winsA;
      m.a += m.winsA;
      m.leftA -= m.winsA;
      if (m.leftA === 1) return DONE;
      if (m.leftA === 0) return endEarly(m);
    }
    values[m.to++] = values[m.b++];
    if (--m.leftB === 0) return DONE;
    m.winsB = gallopLeft(state, values, m.run[m.a], m.b, m.leftB, 0);
    if (m.winsB > 0) {
      copy(values, m.b, values, m.to, m.winsB);
      m.to += m.winsB;
      m.b += m.winsB;
      m.leftB -= m.winsB;
      if (m.leftB === 0) return DONE;
    }
    values[m.to++] = m.run[m.a++];
    return --m.leftA === 1;
  }

  function endEarly(m) { // only an inconsistent comparator comes here: the values that are left stay where they are
    m.leftA = m.leftB = 0;
    return DONE;
  }

  function mergeHigh(state, baseA, lengthA, baseB, lengthB) {
    const { values } = state;
    const run = list();
    copy(values, baseB, run, 0, lengthB);
    const m = {
      __proto__: null, run, baseA, a: baseA + lengthA - 1, b: lengthB - 1, leftA: lengthA, leftB: lengthB, to: baseB + lengthB - 1,
      winsA: 0, winsB: 0,
    };
    values[m.to--] = values[m.a--];
    m.leftA--;
    mergeBy(state, m, stepHigh, gallopHigh, m.leftA === 0 || m.leftB === 1);
    if (m.leftA > 0) {
      m.to -= m.leftA;
      copy(values, m.a - m.leftA + 1, values, m.to + 1, m.leftA);
      values[m.to] = run[m.b];
    } else copy(run, 0, values, m.to - m.leftB + 1, m.leftB);
  }

  function stepHigh(state, m) {
    const { values } = state;
    if (ordered(state, m.run[m.b], values[m.a]) < 0) {
      values[m.to--] = values[m.a--];
      m.winsA++;
      m.winsB = 0;
      return --m.leftA === 0;
    }
    values[m.to--] = m.run[m.b--];
    m.winsB++;
    m.winsA = 0;
    return --m.leftB === 1;
  }

  function gallopHigh(state, m) {
    const { values } = state;
    m.winsA = m.leftA - gallopRight(state, values, m.run[m.b], m.baseA, m.leftA, m.leftA - 1);
    if (m.winsA > 0) {
      m.to -= m.winsA;
      m.a -= m.winsA;
      copy(values, m.a + 1, values, m.to + 1, m.winsA);
      m.leftA -= m.winsA;
      if (m.leftA === 0) return DONE;
    }
    values[m.to--] = m.run[m.b--];
    if (--m.leftB === 1) return DONE;
    m.winsB = m.leftB - gallopLeft(state, m.run, values[m.a], 0, m.leftB, m.leftB - 1);
    if (m.winsB > 0) {
      m.to -= m.winsB;
      m.b -= m.winsB;
      copy(m.run, m.b + 1, values, m.to + 1, m.winsB);
      m.leftB -= m.winsB;
      if (m.leftB === 1) return DONE;
      if (m.leftB === 0) return endEarly(m);
    }
    values[m.to--] = values[m.a--];
    return --m.leftA === 0;
  }
}
