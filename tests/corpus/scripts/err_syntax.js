const a = 1;
function process(data) {
  return {a: 1,, b: 2};
}
