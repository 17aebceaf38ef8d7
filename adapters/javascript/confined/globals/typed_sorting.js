// The sort of typed arrays with a comparator as V8 has it, comparison by comparison: a merge sort from the top down, whose two
// lists change roles at each level. A comparator that is inconsistent, as `(a, b) => a - b` is where a value is NaN, then leads
// to the same order. As sorting.js does, the engine sorts what is long first. Adds `sortTyped` to the library.

(lib) => {
  "use strict";

  const { arrayLength, list, ordered } = lib;

  function merge(state, source, from, middle, to, target) {
    let left = from;
    let right = middle;
    for (let at = from; at < to; at++) {
      const isLeft = left < middle && (right >= to || ordered(state, source[left], source[right]) <= 0);
      target[at] = isLeft ? source[left++] : source[right++];
    }
  }

  function sort(state, source, from, to, target) { // both hold the values of that range
    const middle = from + ((to - from) >> 1);
    if (middle - from > 1) sort(state, target, from, middle, source);
    if (to - middle > 1) sort(state, target, middle, to, source);
    merge(state, source, from, middle, to, target);
  }

  function mergeSort(values, compare) {
    const sorted = list();
    const { length } = values;
    for (let i = 0; i < length; i++) sorted[i] = values[i];
    sort({ __proto__: null, compare }, values, 0, length, sorted);
    return sorted;
  }

  // Writes the values of an array in order into an array, which may be the same one and lose its bytes meanwhile.
  lib.sortTyped = (array, target, compare) => {
    const values = list();
    const length = arrayLength(array);
    for (let i = 0; i < length; i++) values[i] = array[i];
    lib.need("sorting");
    const sorted = lib.sortLong(values, compare, mergeSort);
    for (let i = 0; i < length && i < arrayLength(target); i++) target[i] = sorted[i];
    return target;
  };
}
