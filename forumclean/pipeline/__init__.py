"""One document in, one batch out: the only place where the rooms meet."""
