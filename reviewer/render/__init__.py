"""A review in the formats that people read: terminal, Markdown, web page, workbook."""
