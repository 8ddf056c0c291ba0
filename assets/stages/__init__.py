"""The stages of the line, one asset a file; a new stage is a new file."""
