"""The order of things: admit, collect, resolve, screen, score, outbox, deliver."""
