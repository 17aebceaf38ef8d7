function process(d) { return [true, 0, -0, "", 1e21, 0.1 + 0.2, 5e-324]; }
