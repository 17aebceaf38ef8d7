function process() { console.table([{ get a() { for (;;); } }]); }
