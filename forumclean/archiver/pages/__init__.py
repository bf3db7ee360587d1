"""What the reading pages show: boards, threads, posts, people; one module each. All only read, one page's worth at a time."""
