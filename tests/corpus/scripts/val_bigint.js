function process(d) { return { id: 10n ** 30n }; }
