function process() { for (;;) new Intl.DateTimeFormat("pt-BR", { dateStyle: "full" }).format(0); }
