"""One rater apart, two hundred exercises; a slow suite: `poe deep`."""

import pytest
import scene


@pytest.mark.parametrize("shift", [-2.0, 0.0])
def test_of_two_hundred_exercises_at_least_a_hundred_and_eighty_name_that_person_alone_or_nobody(shift):
    assert scene.right(shift, 200) >= 180
