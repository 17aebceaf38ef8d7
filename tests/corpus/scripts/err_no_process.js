function main(d) { return d; }
