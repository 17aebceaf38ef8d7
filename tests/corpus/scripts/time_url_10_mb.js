function process() { return new URL("http://h/" + "a/../é".repeat(2e6)).pathname.length; }
