"""The shared quota under four real processes: killed, stopped, cut off."""
