// Sums the cards of each quarter. A partition gives partial sums; merge adds them up, and gives what it receives.
function process(rows) {
  return merge(rows.map((row) => ({ [row.quarter]: row.cards })));
}

function merge(results) {
  const sums = {};
  for (const result of results) {
    for (const [quarter, cards] of Object.entries(result)) {
      sums[quarter] = (sums[quarter] ?? 0) + cards;
    }
  }
  return sums;
}
