"""A place to read an archive: pages for threads, boards, people and search, as a plugin of Datasette (``forumclean[explore]``).

Datasette finds ``forumclean.explore.plugin`` by its entry point; ``host`` is the only module that knows Datasette, ``templates`` the only
one that knows Jinja. Everything shown was written by strangers: it is escaped or sanitised again, and no page of ours runs inline script.
"""
