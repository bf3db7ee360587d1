"""One file per page family: text of a page to thread and posts."""
