function process() { for (;;) setTimeout(() => {}, 1e9); }
