"""One module a kind of generated page; each returns Markdown, the same for the same code."""
