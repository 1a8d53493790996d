"""The shipped instruments: our own, those that others made, and leave to score any of them."""

from dvrisk import list_instruments, load_instrument

EVERY = list_instruments()
OWN = tuple(ref for ref in EVERY if load_instrument(ref).published is None)
PUBLISHED = tuple(ref for ref in EVERY if load_instrument(ref).published is not None)
LEAVE = {"allow_draft": True, "training_confirmed": True}
"""What a caller states in order to score a draft, or an instrument that asks for a training."""
