"""Tables of what was seen: stored once by the writer; only a re-read of the same bytes by a newer parser replaces it.

The columns ``thread_id``, ``post_id``, ``revision_id`` and ``user_id`` in here are links that settle fills in: NULL means not settled yet
(for ``user_stats.user_id`` also: nobody knows).
"""

from __future__ import annotations

OBSERVED = (
    """
CREATE TABLE sites (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,      -- given by the user, found for the host, or unknown
  title TEXT,
  engine TEXT,                    -- what most of its sources were read with
  charset TEXT,
  timezone TEXT,
  timezone_source TEXT            -- page, option, assumed
)""",
    """
CREATE TABLE site_hosts (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES sites(id),
  host TEXT NOT NULL,
  UNIQUE (site_id, host)
)""",
    """
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  sha256 TEXT UNIQUE,             -- of the whole document; NULL: it could not be read
  site_id INTEGER REFERENCES sites(id),
  container TEXT,                 -- kind of the container (zip, warc.gz) for a member of one
  kind TEXT NOT NULL,             -- thread, config, thread+config, html, article, text, …
  engine TEXT,
  score REAL,
  reasons TEXT,                   -- JSON array
  encoding TEXT,
  encoding_how TEXT,              -- bom, declared, proved, guessed, forced
  host TEXT,
  view TEXT,                      -- desktop, touch, printable, archiver, flattened
  timezone TEXT,
  timezone_source TEXT,
  captured_at TEXT,               -- earliest capture of these bytes
  captured_how TEXT,              -- container, page, mtime
  recaptured_at TEXT,             -- latest capture of the same bytes; NULL: captured once
  status TEXT NOT NULL,           -- ok, asset, unsupported, failed, past (failed once, no more), noted, login, challenge, deleted page
  digest TEXT,                    -- of all rows stored for it: tells whether a second reading found anything else
  run_id INTEGER REFERENCES runs(id),
  reader INTEGER,                 -- version of the parser that read it; since the step readers
  page_url TEXT,                  -- how its board writes the addresses of pages; since the step page-urls
  rules INTEGER,                  -- version of the rules it was scrubbed with; since the step scrubbing
  evidence TEXT                   -- JSON object: what the scrubber was told of it; since the step scrubbing
)""",
    # the site's engine, charset and time zone are read off this index alone
    "CREATE INDEX sources_site ON sources (site_id, kind, engine, encoding, timezone_source, timezone)",
    """
CREATE TABLE source_paths (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources(id),
  path TEXT NOT NULL,             -- relative to the PATH given
  member TEXT,                    -- inside a container
  "offset" INTEGER,
  size INTEGER,
  mtime_ns INTEGER,
  place TEXT                      -- absolute path, hashed; NULL: standard input
)""",
    "CREATE INDEX source_paths_source ON source_paths (source_id)",
    'CREATE INDEX source_paths_place ON source_paths (place, member, "offset", size, mtime_ns)',
    """
CREATE TABLE thread_sightings (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources(id),
  ordinal INTEGER NOT NULL,       -- 0: the page's own thread; 1, 2, …: rows of a list page
  thread_id INTEGER REFERENCES threads(id),
  tid INTEGER,
  fid INTEGER,
  page INTEGER,
  fields TEXT NOT NULL,           -- JSON object: what the page says about the thread
  UNIQUE (source_id, ordinal)
)""",
    "CREATE INDEX thread_sightings_thread ON thread_sightings (thread_id)",
    """
CREATE TABLE sightings (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources(id),
  ordinal INTEGER NOT NULL,       -- order on its page: 1, 2, …
  post_id INTEGER REFERENCES posts(id),
  revision_id INTEGER REFERENCES revisions(id),  -- NULL: this view had no text
  pid INTEGER,
  page INTEGER,
  view TEXT NOT NULL,
  captured_at TEXT,
  state TEXT NOT NULL,
  fields TEXT NOT NULL,           -- JSON object: what this view said
  cuts TEXT,                      -- JSON [[start, before, after, rule], …], offsets in the parsed text; NULL: none
  doubts TEXT,                    -- JSON [[start, text, rule, why], …]; NULL: none
  html TEXT,                      -- only without a pid (it may turn out to be another post's) or below a richer view; else see revisions
  own_hash TEXT,                  -- hash of this view's own text, where a richer view's revision stands for it; since the step poorer-views
  own_cuts TEXT,                  -- what cleaning cut there (then cuts leads from the parsed text to the revision); since the step poorer-views
  signer TEXT,                    -- who wrote a flattened post (name, or counters of the author's card), to find all by one author; since the step signers
  marks TEXT,                     -- JSON [[start, end, name, detail], …] of the parsed text, but for jammers, which are in the cuts; since the step scrubbing
  UNIQUE (source_id, ordinal)
)""",
    "CREATE INDEX sightings_post ON sightings (post_id)",
    "CREATE INDEX sightings_revision ON sightings (revision_id)",
    """
CREATE TABLE revisions (
  id INTEGER PRIMARY KEY,
  post_id INTEGER REFERENCES posts(id),  -- NULL: stored, not settled yet
  content_hash TEXT NOT NULL,
  first_seen_at TEXT,
  last_seen_at TEXT,
  html_key TEXT,                  -- which sighting html is from: 9 - view rank, sha256, ordinal; the smallest wins; ~ before it: has no pid
  text TEXT NOT NULL,
  html TEXT,
  UNIQUE (post_id, content_hash)
)""",
    """
CREATE TABLE user_stats (
  sighting_id INTEGER NOT NULL REFERENCES sightings(id),
  name TEXT NOT NULL,             -- total_online_hours, month_online_hours, credits, posts, …
  value,                          -- number or text, as seen
  user_id INTEGER REFERENCES users(id),
  seen_at TEXT,                   -- NULL where only the file's own time is known
  PRIMARY KEY (sighting_id, name)
) WITHOUT ROWID""",
    "CREATE INDEX user_stats_user ON user_stats (user_id) WHERE user_id IS NOT NULL",
    """
CREATE TABLE forum_configs (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES sites(id),
  fid INTEGER,
  name TEXT,
  hash TEXT NOT NULL,             -- of all leaves but the counters that move with every post
  content_hash TEXT NOT NULL,     -- of all leaves: last tie-break between printings
  complete INTEGER NOT NULL,      -- 0: the block ended before its brackets did
  last_post_at TEXT,
  posts_count INTEGER,
  facts TEXT NOT NULL,            -- JSON object: the columns of forums that this printing states
  settings TEXT NOT NULL          -- JSON [[path, value, type, decoded], …]: every leaf
)""",
    "CREATE UNIQUE INDEX forum_configs_key ON forum_configs (site_id, ifnull(fid, -1), hash)",
    """
CREATE TABLE config_sightings (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  ordinal INTEGER NOT NULL,
  config_id INTEGER NOT NULL REFERENCES forum_configs(id),
  PRIMARY KEY (source_id, ordinal)
) WITHOUT ROWID""",
    "CREATE INDEX config_sightings_config ON config_sightings (config_id)",
    """
CREATE TABLE forum_sightings (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  ordinal INTEGER NOT NULL,       -- order on its page: 1, 2, …
  site_id INTEGER NOT NULL REFERENCES sites(id),
  fid INTEGER NOT NULL,
  fields TEXT NOT NULL,           -- JSON object: what a list, the index or a breadcrumb says about the forum
  PRIMARY KEY (source_id, ordinal)
) WITHOUT ROWID""",
    "CREATE INDEX forum_sightings_forum ON forum_sightings (site_id, fid)",
    """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL UNIQUE REFERENCES sources(id),
  kind TEXT NOT NULL,
  title TEXT,
  author TEXT,
  publisher TEXT,
  published_at TEXT,
  published_at_precision TEXT,
  text TEXT NOT NULL
)""",
    """
CREATE TABLE issues (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources(id),
  run_id INTEGER REFERENCES runs(id),
  level TEXT NOT NULL,            -- info, warning, error
  stage TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  excerpt TEXT
)""",
    "CREATE INDEX issues_source ON issues (source_id)",
    "CREATE INDEX issues_run ON issues (run_id)",
)
