"""Views for people, as SQL: an archive reads well in any SQLite browser.

``threads_overview`` and ``coverage`` compute their columns row by row, so that a page of them costs a page, however large the archive; the
others add up all posts or cuts. Times are UTC.
"""

from __future__ import annotations

from forumclean.archiver.ranks import PAGES_SEEN, rank_sql

FIRST_WORDS = 40
"""Characters of the first post that stand in for a title that is not known."""

_FIRST_POST = """
    SELECT p.id FROM posts AS p WHERE p.thread_id = t.id
    ORDER BY p.is_first IS NOT 1, p.position IS NULL, p.position, p.id LIMIT 1"""

_WORDS = f"""
    SELECT replace(substr(trim(p.text, char(10) || ' '), 1, {FIRST_WORDS}), char(10), ' ')
        || CASE WHEN length(trim(p.text, char(10) || ' ')) > {FIRST_WORDS} THEN '…' ELSE '' END
    FROM posts AS p WHERE p.thread_id = t.id AND p.text IS NOT NULL ORDER BY p.position IS NULL, p.position, p.id LIMIT 1"""

# replies do not count the first post, nor what was deleted; a board that keeps floors counts that in them: the larger of the two is what was there
_EXPECTED = "nullif(max(coalesce(living_stated + posts_deleted, 0), coalesce(last_floor, 0)), 0)"
# two posts on one floor (floors move up when a post is deleted) fill one place only: what is missing elsewhere is missing
_FLOORS = "SELECT count(DISTINCT p.position) + count(*) - count(p.position) FROM posts AS p WHERE p.thread_id = t.id"
_GAPS = "max(coalesce(living_stated, 0) - living, coalesce(last_floor, 0) - floors, 0)"

# closed > 1 is the tid of the thread that a moved one's row leads to: such a row has no posts of its own
MOVED_TO = "(SELECT m.id FROM threads AS m WHERE t.closed > 1 AND m.site_id = t.site_id AND m.tid = t.closed AND m.id <> t.id)"
"""SQL: the thread that the row ``t`` of ``threads`` was moved to, if the archive has it."""

_THREADS_OVERVIEW = f"""
CREATE VIEW threads_overview AS
SELECT thread_id, site, tid, title, forum, author, started, last_post, posts_seen, {_EXPECTED} AS posts_expected,
    {_GAPS} AS gaps, posts_without_text, pages_seen, pages_total, moved_to
FROM (
  SELECT t.id AS thread_id, s.slug AS site, t.tid, coalesce(t.title, first.subject, ({_WORDS})) AS title, f.name AS forum,
    coalesce(u.name, t.author_name, first.author_name) AS author, coalesce(t.created_at, first.created_at) AS started,
    (SELECT max(p.created_at) FROM posts AS p WHERE p.thread_id = t.id) AS last_post,
    (SELECT count(*) FROM posts AS p WHERE p.thread_id = t.id) AS posts_seen,
    t.replies + 1 AS living_stated,
    (SELECT max(p.position) FROM posts AS p WHERE p.thread_id = t.id) AS last_floor,
    ({_FLOORS}) AS floors,
    ({_FLOORS} AND p.state <> 'deleted') AS living,
    (SELECT count(*) FROM posts AS p WHERE p.thread_id = t.id AND p.state = 'deleted') AS posts_deleted,
    (SELECT count(*) FROM posts AS p WHERE p.thread_id = t.id AND p.state = 'missing') AS posts_without_text,
    t.pages_seen, t.pages_total, {MOVED_TO} AS moved_to
  FROM threads AS t
  JOIN sites AS s ON s.id = t.site_id
  LEFT JOIN forums AS f ON f.id = t.forum_id
  LEFT JOIN users AS u ON u.id = t.user_id
  LEFT JOIN posts AS first ON first.id = ({_FIRST_POST})
)"""

# its pages were read, and every post on them was seen in another thread since: merged, there is nothing to fetch
_MERGED = """posts_seen = 0 AND pages_seen > 0 AND EXISTS (SELECT 1 FROM thread_sightings AS m JOIN sightings AS x ON x.source_id = m.source_id
        WHERE m.thread_id = threads_overview.thread_id AND m.ordinal = 0 AND x.post_id IS NOT NULL)"""

# threads known from lists only have no posts at all; "lost" texts are those whose page was read but did not hold them
_COVERAGE = f"""
CREATE VIEW coverage AS
SELECT thread_id, site, tid, title, forum, pages_seen, pages_total, posts_seen, posts_expected, gaps, posts_without_text
FROM threads_overview
WHERE NOT (posts_seen = 0 AND moved_to IS NOT NULL) AND NOT ({_MERGED}) AND (posts_seen = 0 OR gaps > 0 OR posts_without_text > 0 OR pages_seen < max(
    coalesce(pages_total, 0), coalesce((WITH seen(page) AS ({PAGES_SEEN.format(thread="threads_overview.thread_id")}) SELECT max(page) FROM seen), 0)))"""

_POSTS_PER_MONTH = """
CREATE VIEW posts_per_month AS
SELECT substr(p.created_at, 1, 7) AS month, s.slug AS site, f.name AS forum, count(*) AS posts,
    count(DISTINCT coalesce(p.user_id, p.author_name)) AS authors
FROM posts AS p
JOIN threads AS t ON t.id = p.thread_id
JOIN sites AS s ON s.id = p.site_id
LEFT JOIN forums AS f ON f.id = t.forum_id
WHERE p.created_at IS NOT NULL
GROUP BY 1, p.site_id, t.forum_id
ORDER BY 1, 2, 3"""

_AUTHORS_OVERVIEW = """
CREATE VIEW authors_overview AS
SELECT p.user_id, s.slug AS site, u.uid, coalesce(u.name, p.author_name) AS author, u.group_title, u.registered_at,
    count(*) AS posts, count(DISTINCT p.thread_id) AS threads, min(p.created_at) AS first_post, max(p.created_at) AS last_post
FROM posts AS p
JOIN sites AS s ON s.id = p.site_id
LEFT JOIN users AS u ON u.id = p.user_id
WHERE p.user_id IS NOT NULL OR p.author_name IS NOT NULL
GROUP BY p.site_id, p.user_id, CASE WHEN p.user_id IS NULL THEN p.author_name END
ORDER BY posts DESC, author"""

# noise differs from capture to capture and text does not: what another capture or a richer view of the same text has settled is no doubt any more
_DOUBTS = """
CREATE VIEW doubts AS
SELECT si.post_id, si.id AS sighting_id, json_extract(d.value, '$[0]') AS start, json_extract(d.value, '$[1]') AS text,
    json_extract(d.value, '$[2]') AS rule, json_extract(d.value, '$[3]') AS why
FROM sightings AS si, json_each(si.doubts) AS d
WHERE si.post_id IS NOT NULL AND si.own_hash IS NULL
  AND NOT EXISTS (SELECT 1 FROM sightings AS other WHERE other.revision_id = si.revision_id AND other.cuts IS NOT si.cuts)"""
UNSETTLED = "CASE WHEN {0}.id IN (SELECT d.sighting_id FROM doubts AS d WHERE d.post_id = {0}.post_id) THEN {0}.doubts END"
"""SQL of the doubts of a row of ``sightings`` (its name goes in) that the view ``doubts`` has."""

# What a poorer view shows otherwise is no cut (sightings.own_cuts). A cut is [start, before, after, rule]: see the table sightings. Three seconds for a million cuts; summing
# up each sighting first was not faster.
_CLEANING_REPORT = """
CREATE VIEW cleaning_report AS
SELECT x.rule, s.slug AS site, f.name AS forum, sum(x.cut) AS cuts, sum(x.characters) AS characters_cut, sum(x.doubt) AS doubts,
    count(DISTINCT x.post_id) AS posts
FROM (
  SELECT si.post_id, json_extract(c.value, '$[3]') AS rule, 1 AS cut,
    length(json_extract(c.value, '$[1]')) - length(json_extract(c.value, '$[2]')) AS characters, 0 AS doubt
  FROM sightings AS si, json_each(CASE WHEN si.own_hash IS NULL THEN si.cuts ELSE si.own_cuts END) AS c
  UNION ALL
  SELECT post_id, rule, 0, 0, 1 FROM doubts
) AS x
JOIN posts AS p ON p.id = x.post_id
JOIN threads AS t ON t.id = p.thread_id
JOIN sites AS s ON s.id = p.site_id
LEFT JOIN forums AS f ON f.id = t.forum_id
GROUP BY x.rule, p.site_id, t.forum_id
ORDER BY cuts DESC, doubts DESC"""

# which sighting each field of a post is from, and what the others said: the order is that of pipeline.settle_posts
_POST_FIELDS = f"""
CREATE VIEW post_fields AS
SELECT si.post_id, f.key AS field, f.value, si.id AS sighting_id, si.source_id, si.view, si.captured_at,
    row_number() OVER (
        PARTITION BY si.post_id, f.key ORDER BY {rank_sql("si.view")} DESC, coalesce(s.recaptured_at, s.captured_at, '') DESC, s.sha256 DESC, si.ordinal
    ) = 1 AS is_used
FROM sightings AS si
JOIN sources AS s ON s.id = si.source_id
JOIN json_each(si.fields) AS f
WHERE si.post_id IS NOT NULL"""

VIEWS = (_THREADS_OVERVIEW, _COVERAGE, _POSTS_PER_MONTH, _AUTHORS_OVERVIEW, _DOUBTS, _CLEANING_REPORT, _POST_FIELDS)
"""Statements in order. They need the tables of ``tables_observed`` and ``tables_derived``."""
