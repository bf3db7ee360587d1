"""Text and marks in, clean text and the list of cuts out.

``scrub(bodies, evidence)`` cleans all bodies of one document at once, ``agree(texts)`` reads several captures of one text together. ``replay(text, cuts)`` and ``restore(clean, cuts)`` are exact, both
ways. ``RULES`` is the closed catalogue: every cut names one of them.
"""

from forumclean.cuts import replay, restore
from forumclean.scrubber.agree import agree
from forumclean.scrubber.catalogue import RULES
from forumclean.scrubber.rule import Rule
from forumclean.scrubber.scrub import scrub

__all__ = ["RULES", "Rule", "agree", "replay", "restore", "scrub"]
