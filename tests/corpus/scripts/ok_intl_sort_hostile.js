function process() {
  const texts = ["a\u0301".repeat(2000), "á".repeat(2000) + "a", "\ud800".repeat(2000), "\u0301".repeat(2000), "1".repeat(2000), "", "a", "B", "\u{10ffff}"];
  return texts.sort((one, other) => one.localeCompare(other, "pt")).map((text) => text.length);
}
