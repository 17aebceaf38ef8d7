function process() { const more = () => ({ get next() { return more(); } }); return structuredClone(more()); }
