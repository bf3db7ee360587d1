"""Bytes and where they came from: files, folders, standard input. Streams; never holds a whole container."""
