"""Bytes to records: what an input is, its charset, its config blocks, threads and posts. Deletes nothing inside a body."""
