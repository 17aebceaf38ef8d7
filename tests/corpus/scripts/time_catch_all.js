function process(d) { for (;;) { try { for (;;) {} } catch (e) {} finally { continue; } } }
