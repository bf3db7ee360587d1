"""Tables that settle computes from what was seen, and the housekeeping tables."""

from __future__ import annotations

DERIVED = (
    """
CREATE TABLE forums (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES sites(id),
  fid INTEGER,                    -- NULL: a config block without one; the forum is then known by its name
  name TEXT,
  type TEXT,
  parent_fid INTEGER,
  description TEXT,
  jammer INTEGER,                 -- 0, 1, NULL unknown
  threads_count INTEGER,
  posts_count INTEGER,
  moderators TEXT,                -- JSON array of names
  last_post_tid INTEGER,
  last_post_title TEXT,
  last_post_at TEXT,
  last_post_author TEXT,
  config_id INTEGER REFERENCES forum_configs(id)  -- the printing that won; NULL: known from threads only
)""",
    "CREATE UNIQUE INDEX forums_fid ON forums (site_id, fid) WHERE fid IS NOT NULL",
    "CREATE UNIQUE INDEX forums_name ON forums (site_id, name) WHERE fid IS NULL",
    "CREATE INDEX forums_config ON forums (config_id)",
    """
CREATE TABLE forum_settings (
  id INTEGER PRIMARY KEY,
  forum_id INTEGER NOT NULL REFERENCES forums(id),
  path TEXT NOT NULL,             -- creditspolicy.post.rewardnum
  value TEXT,
  value_type TEXT NOT NULL,       -- text, int, float, bool, null, array, object, recursion, time, masked
  decoded INTEGER NOT NULL,       -- 1: decoded out of a printed value
  UNIQUE (forum_id, path)
)""",
    """
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES sites(id),
  uid INTEGER,                    -- NULL: only the name is known
  name TEXT,
  group_title TEXT,
  registered_at TEXT,
  seen_at TEXT                    -- capture that group_title and registered_at are from
)""",
    "CREATE UNIQUE INDEX users_uid ON users (site_id, uid) WHERE uid IS NOT NULL",
    "CREATE UNIQUE INDEX users_only_name ON users (site_id, name) WHERE uid IS NULL",
    """
CREATE TABLE user_names (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users(id),  -- only users with a uid: whom a bare name can mean
  site_id INTEGER NOT NULL REFERENCES sites(id),
  name TEXT NOT NULL,
  first_seen_at TEXT,
  last_seen_at TEXT,
  UNIQUE (user_id, name)
)""",
    "CREATE INDEX user_names_name ON user_names (site_id, name)",
    """
CREATE TABLE threads (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES sites(id),
  tid INTEGER,
  source_key TEXT,                -- smallest sha256 of its sources, where tid is NULL
  forum_id INTEGER REFERENCES forums(id),
  title TEXT,
  type_name TEXT,
  user_id INTEGER REFERENCES users(id),
  author_uid INTEGER,             -- as stated; user_id may come from the name alone
  author_name TEXT,
  created_at TEXT,
  views INTEGER,
  replies INTEGER,
  pages_total INTEGER,
  pages_seen INTEGER NOT NULL DEFAULT 0,
  special TEXT,
  digest INTEGER,
  sticky INTEGER,
  closed INTEGER,
  extras TEXT                     -- JSON object: tags, moderation, poll
)""",
    "CREATE UNIQUE INDEX threads_tid ON threads (site_id, tid) WHERE tid IS NOT NULL",
    "CREATE UNIQUE INDEX threads_source ON threads (site_id, source_key) WHERE tid IS NULL",
    "CREATE INDEX threads_forum ON threads (forum_id)",
    "CREATE INDEX threads_user ON threads (user_id)",
    """
CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES sites(id),
  thread_id INTEGER NOT NULL REFERENCES threads(id),
  pid INTEGER,
  position INTEGER,               -- order in the thread from 1; NULL unknown
  floor_label TEXT,               -- as printed
  user_id INTEGER REFERENCES users(id),
  author_uid INTEGER,             -- as stated; user_id may come from the name alone
  author_name TEXT,
  author_kind TEXT,               -- member, guest, anonymous, deleted
  created_at TEXT,
  created_at_precision TEXT,      -- second, minute, day
  edited_at TEXT,
  edited_at_precision TEXT,
  edited_by TEXT,
  is_first INTEGER,
  subject TEXT,
  text TEXT,
  html TEXT,
  state TEXT NOT NULL,            -- ok, missing, locked, banned, hidden, deleted
  revision_id INTEGER REFERENCES revisions(id),
  first_seen_at TEXT,
  last_seen_at TEXT,
  extras TEXT                     -- JSON object
)""",
    "CREATE UNIQUE INDEX posts_pid ON posts (site_id, pid) WHERE pid IS NOT NULL",
    "CREATE INDEX posts_thread ON posts (thread_id, position)",
    "CREATE INDEX posts_user ON posts (user_id)",
    "CREATE INDEX posts_revision ON posts (revision_id)",
    """
CREATE TABLE signatures (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users(id),
  text TEXT NOT NULL,
  html TEXT,
  first_seen_at TEXT,
  last_seen_at TEXT,
  UNIQUE (user_id, text)
)""",
    """
CREATE TABLE quotes (
  id INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL REFERENCES posts(id),
  ordinal INTEGER NOT NULL,
  quoted_pid INTEGER,
  quoted_author TEXT,
  quoted_at TEXT,
  text TEXT,
  UNIQUE (post_id, ordinal)
)""",
    """
CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL REFERENCES posts(id),
  ordinal INTEGER NOT NULL,
  aid INTEGER,
  name TEXT,
  url TEXT,
  kind TEXT,
  size INTEGER,                   -- bytes
  downloads INTEGER,
  source_id INTEGER REFERENCES sources(id),  -- the local copy
  UNIQUE (post_id, ordinal)
)""",
    """
CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL REFERENCES posts(id),
  ordinal INTEGER NOT NULL,
  comment_id INTEGER,
  author_uid INTEGER,
  author_name TEXT,
  created_at TEXT,
  created_at_precision TEXT,
  text TEXT,
  UNIQUE (post_id, ordinal)
)""",
    """
CREATE TABLE ratings (
  id INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL REFERENCES posts(id),
  ordinal INTEGER NOT NULL,
  author_uid INTEGER,
  author_name TEXT,
  created_at TEXT,
  created_at_precision TEXT,
  scores TEXT,                    -- JSON object: credit → points
  reason TEXT,
  UNIQUE (post_id, ordinal)
)""",
)

HOUSE = (
    """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  started_at TEXT NOT NULL,
  finished_at TEXT,               -- NULL: running, or killed
  version TEXT NOT NULL,
  paths TEXT NOT NULL,            -- JSON array, as typed
  settings TEXT NOT NULL,         -- JSON object
  counts TEXT,                    -- JSON object
  exit_code INTEGER,
  status TEXT NOT NULL            -- running, finished, interrupted
)""",
    """
CREATE TABLE rules (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  why TEXT,
  evidence TEXT
)""",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    # sources whose observations are stored but not yet settled; filled in the transaction that stores them
    "CREATE TABLE unsettled (source_id INTEGER PRIMARY KEY REFERENCES sources(id))",
)
