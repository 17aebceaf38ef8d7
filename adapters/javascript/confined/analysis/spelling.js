// The name that was probably meant: (name, candidates) => the nearest candidate, or "" if none is near.

"use strict";

() => {
  const LONGEST = 40;

  // The number of insertions, deletions, replacements and swaps of neighbours between two texts (optimal string
  // alignment), or `most + 1` if it is greater than `most`.
  function distance(from, to, most) {
    if (Math.abs(from.length - to.length) > most) return most + 1;
    let before = [];
    let last = [];
    let row = Array.from({ length: to.length + 1 }, (_, i) => i);
    for (let i = 1; i <= from.length; i++) {
      [before, last, row] = [last, row, [i]];
      let least = i;
      for (let j = 1; j <= to.length; j++) {
        const isSame = from[i - 1] === to[j - 1];
        let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
        const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
        if (isSwap) cost = Math.min(cost, before[j - 2] + 1);
        row[j] = cost;
        least = Math.min(least, cost);
      }
      if (least > most) return most + 1;
    }
    return row[to.length];
  }

  return (name, candidates) => {
    if (name.length < 3 || name.length > LONGEST) return "";
    const wanted = name.toLowerCase();
    let most = name.length < 5 ? 1 : 2;
    let nearest = "";
    for (const candidate of candidates) {
      if (candidate.length < 3 || candidate.length > LONGEST || candidate === name) continue;
      const apart = distance(wanted, candidate.toLowerCase(), most);
      if (apart <= most) {
        nearest = candidate;
        most = apart - 1;
        if (most < 0) break;
      }
    }
    return nearest;
  };
}
