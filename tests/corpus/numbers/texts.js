// The texts of a number: as a string and in JSON, which a test compares for every number, and in the forms that take digits, of
// which each number gets one by its own last bits.
function textsOf(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  const chosen = view.getUint32(4) ^ view.getUint32(0);
  const digits = (chosen >>> 4) % 21;
  switch (chosen % 8) {
    case 0: return [String(number), number.toFixed(digits)];
    case 1: return [String(number), number.toPrecision(digits + 1)];
    case 2: return [String(number), number.toExponential(digits)];
    case 3: return [String(number), number.toString(2 + (digits % 15) * 2)];
    default: return [String(number)];
  }
}
