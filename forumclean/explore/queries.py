"""Named queries: questions that people ask of a board. They only read; the archive's views answer the simpler ones."""

from __future__ import annotations

QUERIES: dict[str, dict[str, str]] = {
    "longest_threads": {
        "title": "Longest threads",
        "description": "Threads by the number of their posts in the archive.",
        "sql": """select thread_id, title, forum, author, started, last_post, posts_seen, posts_expected
from threads_overview order by posts_seen desc limit 200""",
    },
    "edited_after_a_reply": {
        "title": "Edited after a reply",
        "description": "Posts whose last edit is later than the next post of the thread: what was answered may have been something else.",
        "sql": """select p.id, p.thread_id, t.title, p.author_name, p.created_at, p.edited_at, p.edited_by, next.created_at as answered_at, next.author_name as answered_by
from posts as p
join threads as t on t.id = p.thread_id
join posts as next on next.thread_id = p.thread_id and next.position = p.position + 1
where p.edited_at > next.created_at
order by p.edited_at desc limit 500""",
    },
    "changed_between_captures": {
        "title": "Changed between captures",
        "description": "Posts of which more than one text was seen.",
        "sql": """select p.id, p.thread_id, t.title, p.author_name, count(*) as versions, min(r.first_seen_at) as first_version, max(r.first_seen_at) as last_version
from revisions as r
join posts as p on p.id = r.post_id
join threads as t on t.id = p.thread_id
group by r.post_id having count(*) > 1
order by versions desc, last_version desc limit 500""",
    },
    "locked_parts": {
        "title": "Posts with locked parts",
        "description": "Posts of which the saved page showed only a part, or nothing: hidden until a reply, for sale, for higher groups, banned.",
        "sql": """select p.id, p.thread_id, t.title, p.author_name, p.created_at, p.state, substr(p.text, instr(p.text, '[locked: '), 80) as shown_instead
from posts as p
join threads as t on t.id = p.thread_id
where p.state in ('locked', 'banned', 'hidden') or p.text like '%[locked: %'
order by p.created_at desc limit 500""",
    },
    "scrubber_unsure": {
        "title": "What the scrubber was unsure of",
        "description": "Characters that look like noise and were left alone, or cuts whose border is a guess, where no other capture of the post has settled it.",
        "sql": """select post_id, text as characters, rule, why from doubts
order by rule, post_id limit 1000""",
    },
    "missing_texts": {
        "title": "Posts whose text was lost",
        "description": "Known from their author, time or floor only.",
        "sql": """select p.id, p.thread_id, t.title, p.position, p.author_name, p.created_at
from posts as p join threads as t on t.id = p.thread_id where p.state = 'missing' order by p.thread_id, p.position limit 1000""",
    },
    "most_quoted": {
        "title": "Most quoted posts",
        "description": "Posts that others quoted, by how often.",
        "sql": """select p.id, p.thread_id, t.title, p.author_name, p.created_at, count(*) as quoted, substr(p.text, 1, 80) as begins
from quotes as q
join posts as quoting on quoting.id = q.post_id
join posts as p on p.site_id = quoting.site_id and p.pid = q.quoted_pid
join threads as t on t.id = p.thread_id
group by p.id order by quoted desc limit 200""",
    },
    "who_answers_whom": {
        "title": "Who quotes whom",
        "description": "Pairs of authors by the number of quotations.",
        "sql": """select quoting.author_name as author, p.author_name as quotes, count(*) as times
from quotes as q
join posts as quoting on quoting.id = q.post_id
join posts as p on p.site_id = quoting.site_id and p.pid = q.quoted_pid
where quoting.author_name is not null and p.author_name is not null
group by 1, 2 order by times desc limit 200""",
    },
    "posts_by_hour": {
        "title": "Posts by hour of the day",
        "description": "In the time zone of most Chinese boards, UTC+8.",
        "sql": """select strftime('%H', created_at, '+8 hours') as hour, count(*) as posts
from posts where created_at is not null and created_at_precision is not 'day' group by 1 order by 1""",
    },
    "input_problems": {
        "title": "Inputs with problems",
        "description": "What could not be read, and why.",
        "sql": """select i.level, i.code, i.message, (select path from source_paths as p where p.source_id = i.source_id order by p.id limit 1) as path
from issues as i where i.level <> 'info' order by i.level, i.id limit 1000""",
    },
}
"""By name."""
