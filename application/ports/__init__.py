"""The ports: capabilities that the use cases require of the outside world, and the messages that pass through them."""
