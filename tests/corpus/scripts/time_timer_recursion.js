function process() { const again = () => setTimeout(again, 1e9); again(); return new Promise(() => {}); }
