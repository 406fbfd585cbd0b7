"""What authors of plugins are given: the template, the command that fills it in, the command that checks."""
