"""Text as trees: Markdown, comments in code, and what makes text safe to file."""
