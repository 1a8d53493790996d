"""What the page of an evaluation says in words."""

from __future__ import annotations

TITLES = {
    "setting": "What was evaluated",
    "people": "People and answers",
    "levels": "What each level has meant here",
    "edges": "Where a line is drawn: who is flagged, who is missed",
    "discrimination": "Does the score put those first to whom it happened",
    "unknown": "What the unknown answers leave open",
    "recalibration": "If the score were turned into probabilities",
    "calibration": "Do the probabilities in the table mean what they say",
    "base-rates": "What a flag would mean where the event is rarer, or more common",
    "groups": "By group",
    "items": "Do items work alike in all groups",
    "backgrounds": "Would a result change with somebody's background",
    "limits": "What this page can't say",
    "reporting": "Where each item of TRIPOD+AI is answered",
}
"""Sections in their order, with their headings."""

NAMES = {
    "flagged": "flagged",
    "sensitivity": "events that are flagged (sensitivity)",
    "specificity": "others who are not (specificity)",
    "ppv": "events among the flagged (positive predictive value)",
    "npv": "no event among the rest (negative predictive value)",
    "likelihood_ratio_positive": "likelihood ratio of a flag",
    "likelihood_ratio_negative": "likelihood ratio of no flag",
}
"""Figures at an edge, in words."""

LEADS = {
    "levels": (
        "Levels as they are shown to people. The rate is the observed share with its interval, and nothing more: "
        "a level is no probability."
    ),
    "edges": (
        "Flagged is everybody whose known facts establish at least this level. In brackets the interval, below it the "
        "counts, and the range over everything that the open answers could be. A level that is not established yet "
        "counts as not flagged, which is what reading every unknown as a no does."
    ),
    "discrimination": (
        "Somebody with the event and somebody without, drawn at random: how often has the first one the higher score "
        "(ties count half)? Beside it a plain count of the known facts, without weights: where it does as well, these "
        "people give no reason to prefer the weights."
    ),
    "unknown": (
        "Each hatched bar holds every value that the figure could have, whatever the open answers are. The diamond is "
        "the one number that reading every unknown as a no would claim."
    ),
    "recalibration": (
        "Each person is given the probability that a fit on the others gives their score, every unknown read as a no. "
        "That evaluates the score, and nobody is given a probability. Brier score and log loss: less is better; a "
        "skill of 0 is no better than giving everybody the base rate."
    ),
    "calibration": (
        "In the large: above 0, more events than the probabilities say. Slope: below 1, they are too extreme. The "
        "miscalibration of the Brier score is what recalibrating would save; its discrimination is what the "
        "probabilities tell apart. The ICI depends on its smoother."
    ),
    "base-rates": (
        "Arithmetic on sensitivity and specificity for this event, taken as they are. In a place where the event is "
        "rarer, or for another event, both would be others. A high share without the event among the rest says, where "
        "the event is rare, that it is rare, and nothing about the level."
    ),
    "items": (
        "Odds of a yes in the group over odds in the largest group, among people with about the same share of yes; for "
        "the event, among people with about the same score (tenths). Moderate and large follow a scale of educational "
        'testing. "Not established" says that there are too few people to tell, and not that there is no difference.'
    ),
    "backgrounds": (
        "Each detail is exchanged in everybody's answers, and the rest left as it is: for how many people does a "
        "result change? None of these details should count."
    ),
}
"""What to know before reading a section."""

LIMITS = (
    "Events are those that were recorded. What nobody reported is missing, and protection lowers the number: few "
    "events among people rated high do not show that the rating was wrong.",
    "Every share holds for the setting above. Where the event is rarer, a flag means less; see the base rates.",
    "Nothing on this page is a probability for a person, and none of it belongs beside a person's level.",
    "An interval says what chance does to a sample of this size. It says nothing about how people came into the "
    "table, how answers were written down, or who was left out: the study has to.",
    "A difference between groups can come from danger, from recording or from protection. These figures can't "
    "tell which.",
)

REPORTED = (
    'A page made by a program answers few of these items. Where it says "the study", the people who evaluate '
    "have to say it themselves."
)


OPEN = "For how many people each answer is open (unknown, declined, not asked):"

ONCE_KNOWN = "What each level could come to mean once every answer is known:"

NET_BENEFIT = (
    "Net benefit weighs people acted on in time against people acted on without need. At a threshold of 0.1, nine "
    "needless actions are worth one that was needed. Acting on nobody has 0. Where acting by the probability has no "
    "more than acting on everybody, it adds nothing at that threshold."
)

SUPPRESSED = (
    "Every unknown is read as a no here. A group is not shown if it has fewer than 10 people with, or without, the "
    "event (or as many as you asked for), or one to four people who stand alone at a level; and neither are others "
    "from which it could be worked out. Merge small groups before you evaluate. Whoever compares two pages with other "
    "groups can undo this."
)
