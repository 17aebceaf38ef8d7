// What the language leaves to its implementations or an engine gets wrong, as V8 does it: the order in which sort calls a
// comparator, which decides the result where the comparator is inconsistent (`(a, b) => a > b`), BigInt.asUintN, and
// methods of typed arrays.
//
// Up to 63 values are one run for timsort, which insertion makes; the rest of it is in sorting.js.

(lib) => {
  "use strict";

  const {
    NativeBigInt, NativeObject, apply, arrayBufferOf, arrayLength, arrayTag, copyInto, defineHidden, getPrototypeOf, list, trunc,
    uncurried, views,
  } = lib;

  // ---- BigInt.asUintN: one of the engines leaves negative numbers as they are

  const nativeAsUintN = BigInt.asUintN;
  if (nativeAsUintN(64, -1n) < 0n) {
    defineHidden(BigInt, "asUintN", {
      asUintN(bits, bigint) {
        const width = +bits;
        const wrapped = nativeAsUintN(width, bigint);
        return wrapped < 0n ? wrapped + (1n << NativeBigInt(trunc(width))) : wrapped;
      },
    }.asUintN);
  }

  // ---- a run of sorted values. A sort's state: the values, the comparator, and what sorting.js adds

  function ordered(state, one, other) {
    const { compare } = state;
    const order = +compare(one, other);
    return order === order ? order : 0; // NaN counts as equal
  }

  function countRun(state, start, end) {
    const { values } = state;
    if (start + 1 === end) return 1;
    const isDescending = ordered(state, values[start + 1], values[start]) < 0;
    let at = start + 2;
    while (at < end && ordered(state, values[at], values[at - 1]) < 0 === isDescending) at++;
    if (isDescending) {
      for (let i = start, j = at - 1; i < j; i++, j--) {
        const value = values[i];
        values[i] = values[j];
        values[j] = value;
      }
    }
    return at - start;
  }

  function insertBinary(state, low, start, end) {
    const { values } = state;
    for (let at = start; at < end; at++) {
      let left = low;
      let right = at;
      const pivot = values[at];
      while (left < right) {
        const middle = left + ((right - left) >> 1);
        if (ordered(state, pivot, values[middle]) < 0) right = middle;
        else left = middle + 1;
      }
      for (let i = at; i > left; i--) values[i] = values[i - 1];
      values[left] = pivot;
    }
  }

  const SHORT = 63;
  const nativeSort = Array.prototype.sort;
  const nativeToSorted = Array.prototype.toSorted;
  lib.nativeSort = nativeSort;
  lib.ordered = ordered;
  lib.countRun = countRun;
  lib.insertBinary = insertBinary;

  function sortValues(values, compare) { // gives the sorted list, which may be another one
    const { length } = values;
    if (length > SHORT) {
      lib.need("sorting");
      return lib.sortLong(values, compare);
    }
    const state = { __proto__: null, values, compare };
    if (length > 1) insertBinary(state, 0, countRun(state, 0, length), length);
    return values;
  }

  // ---- the methods. Without a comparator the order is fixed, and the engine's own sort is faster

  function lengthOf(object) {
    const length = trunc(+object.length);
    return length > 0 ? length : 0;
  }

  defineHidden(Array.prototype, "sort", {
    sort(comparator) {
      if (typeof comparator !== "function" || this === undefined || this === null) return apply(nativeSort, this, [comparator]);
      const object = NativeObject(this);
      const length = lengthOf(object);
      const values = list();
      let undefineds = 0;
      for (let i = 0; i < length; i++) {
        const value = object[i];
        if (value !== undefined) values[values.length] = value;
        else if (i in object) undefineds++;
      }
      const count = values.length;
      const sorted = sortValues(values, comparator);
      for (let i = 0; i < count; i++) object[i] = sorted[i];
      for (let i = count; i < count + undefineds; i++) object[i] = undefined;
      for (let i = count + undefineds; i < length; i++) delete object[i];
      return object;
    },
  }.sort);

  defineHidden(Array.prototype, "toSorted", {
    toSorted(comparator) {
      const copied = apply(nativeToSorted, this, [typeof comparator === "function" ? leaveAsIs : comparator]);
      if (typeof comparator !== "function") return copied;
      const values = list();
      const { length } = copied;
      for (let i = 0; i < length; i++) if (copied[i] !== undefined) values[values.length] = copied[i];
      const sorted = sortValues(values, comparator);
      for (let i = 0; i < length; i++) copied[i] = i < sorted.length ? sorted[i] : undefined;
      return copied;
    },
  }.toSorted);

  const leaveAsIs = () => 0;

  // ---- typed arrays. V8 has a merge sort for them, which typed_sorting.js is

  const typedArrays = getPrototypeOf(Uint8Array.prototype);
  const nativeTypedSort = uncurried(typedArrays.sort);
  const nativeTypedToSorted = uncurried(typedArrays.toSorted);

  // False for what the engine refuses, and for what it leaves in its order, where no comparator is called.
  const isCompared = (array, comparator) =>
    typeof comparator === "function" && arrayTag(array) !== undefined && arrayLength(array) > 1;

  function sortTyped(array, target, comparator) {
    lib.need("typed_sorting");
    return lib.sortTyped(array, target, comparator);
  }

  defineHidden(typedArrays, "sort", {
    sort(comparator) {
      return isCompared(this, comparator) ? sortTyped(this, this, comparator) : nativeTypedSort(this, comparator);
    },
  }.sort);

  defineHidden(typedArrays, "toSorted", {
    toSorted(comparator) {
      if (!isCompared(this, comparator)) return nativeTypedToSorted(this, comparator);
      return sortTyped(this, new views[arrayTag(this)](this), comparator);
    },
  }.toSorted);

  // The engine finds no negative number in an Int8Array.
  const nativeLastIndexOf = typedArrays.lastIndexOf;
  defineHidden(typedArrays, "lastIndexOf", {
    lastIndexOf(sought) {
      const isMissed = typeof sought === "number" && sought < 0 && arrayTag(this) === "Int8Array";
      return apply(nativeLastIndexOf, isMissed ? new views.Int16Array(this) : this, arguments);
    },
  }.lastIndexOf);

  // The engine copies value by value, and so reads what it has just written if both have the same bytes.
  defineHidden(typedArrays, "set", {
    set(source, offset = undefined) {
      const tag = arrayTag(source);
      const isOtherView = tag !== undefined && arrayTag(this) !== undefined && tag !== arrayTag(this)
        && arrayBufferOf(source) === arrayBufferOf(this);
      copyInto(this, isOtherView ? new views[tag](source) : source, offset);
    },
  }.set);
}
