function process(d) { const t = new Date(Date.UTC(2020, 0, 2)); return [t.toISOString(), typeof t.toString(), typeof t.toLocaleString(), typeof t.getTimezoneOffset(), typeof Date.now()]; }
