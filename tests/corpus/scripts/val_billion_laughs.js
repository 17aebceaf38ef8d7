function process(d) { let a = ["lol"]; for (let i = 0; i < 40; i++) a = [a, a]; return a; }
