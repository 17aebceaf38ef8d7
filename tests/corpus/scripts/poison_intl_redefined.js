Intl = { NumberFormat: 5, get DateTimeFormat() { throw new Error("mine"); } };
function process() { return [typeof Intl.NumberFormat, new Date(0).toLocaleString("en-GB"), ["b", "a"].sort((x, y) => x.localeCompare(y))]; }
