Object.defineProperty(globalThis, "Intl", { get() { throw new Error("mine"); } });
function process() {
  try { return Intl; } catch (error) { return [error.message, (1234.5).toLocaleString("pt-BR"), new Date(0).toLocaleDateString("pt-BR"), "a".localeCompare("b")]; }
}
