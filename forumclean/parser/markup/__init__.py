"""HTML below the level of pages: the tree, the text of a message with its marks, links, sanitising. Knows markup, not engines."""
