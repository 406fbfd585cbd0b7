"""Records that travel through the house. This floor imports nothing of ours."""
