function process(d) { return { id: d.id, same: d.id === d.id2, big: d.big }; }
