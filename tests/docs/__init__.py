"""The documentation is so: built, complete, and what it shows runs."""
