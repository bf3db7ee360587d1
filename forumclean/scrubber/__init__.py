"""Text and marks in, clean text and the list of cuts out.

    scrub(bodies, evidence) → [Scrubbed(text, cuts, doubts)]     all bodies of one document at once
    replay(text, cuts), restore(clean, cuts)                     exact, both ways
    RULES                                                        the closed catalogue: every cut names one of them
"""

from forumclean.scrubber.catalogue import RULES
from forumclean.scrubber.cuts import replay, restore
from forumclean.scrubber.rule import Rule
from forumclean.scrubber.scrub import scrub

__all__ = ["RULES", "Rule", "replay", "restore", "scrub"]
