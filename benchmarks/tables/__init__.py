"""How well tables are found, beside PyMuPDF's `find_tables`, and how like their truth they are."""
