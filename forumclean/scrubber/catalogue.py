"""The closed catalogue of the scrubber's rules: every cut names one of these."""

from __future__ import annotations

from forumclean.scrubber import element, jammer, phrases, unspaced

RULES = (*element.RULES, *jammer.RULES, *unspaced.RULES, *phrases.RULES)
"""All rules, in the order in which people should read them."""
