function process() {
  const texts = Array.from({ length: 1e6 }, (_, i) => "é" + "a\u0301".repeat(i % 9) + i * 7919 % 1000003);
  return texts.sort((one, other) => one.localeCompare(other, "pt")).length;
}
