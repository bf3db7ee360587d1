"""Text and marks in, clean text and the list of cuts out."""
