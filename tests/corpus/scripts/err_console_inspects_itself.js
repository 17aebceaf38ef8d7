const inspect = Symbol.for("nodejs.util.inspect.custom");
const more = () => ({ [inspect]() { return more(); } });
function process() { console.log(more()); }
