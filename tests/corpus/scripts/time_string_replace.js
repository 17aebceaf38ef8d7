function process(d) { const s = "a".repeat(200000); let r = s; for (;;) r = r.replaceAll("a", "aa").slice(0, 200000); }
