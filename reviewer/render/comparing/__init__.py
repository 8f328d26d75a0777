"""The report on a comparison: web page, Markdown, terminal."""
