"""How right the text is: this reader beside its peers, on real pages with their truth."""
