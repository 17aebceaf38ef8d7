function process() { return atob(btoa("a".repeat(50e6))).length; }
