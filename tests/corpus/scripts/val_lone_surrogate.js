function process(d) { return { s: d.s, bad: "\ud800", n: d.s.length }; }
