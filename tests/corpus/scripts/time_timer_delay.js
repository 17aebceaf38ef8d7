function process() { setTimeout(() => {}, { valueOf() { for (;;); } }); }
