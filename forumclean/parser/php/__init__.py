"""PHP values printed by print_r, serialized strings inside them, and what a Discuz forum config means."""
