function process(d) { return [3, 1, 2].sort(() => { for (;;); }); }
