function process() { const params = new URLSearchParams(); for (;;) params.append("a".repeat(1000), params.toString().slice(0, 9) + params.size); }
