function process() { const kept = []; for (;;) kept.push(new Intl.DateTimeFormat("pt-BR", { dateStyle: "full" })); }
