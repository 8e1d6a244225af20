"""Which places are one, given decisions about pairs of them."""

from hypothesis import given
from hypothesis import strategies as st

from geoservice.duplicates.groups import Decision, Groups

pairs = st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda pair: pair[0] < pair[1])
decisions = st.dictionaries(pairs, st.tuples(st.booleans(), st.booleans()), max_size=14).map(
    lambda said: [
        Decision(rank, a, b, same, by_somebody)
        for rank, ((a, b), (same, by_somebody)) in enumerate(said.items())
    ]
)


@given(decisions)
def test_nobody_is_put_with_a_place_that_somebody_keeps_apart(said: list[Decision]) -> None:
    groups = Groups(said)

    for one in said:
        if not one.same:
            assert one.b not in groups.of(one.a)


@given(decisions, st.randoms())
def test_the_order_in_which_decisions_are_read_changes_nothing(
    said: list[Decision], random: object
) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # pyright: ignore - hypothesis gives a Random

    assert Groups(said).merged() == Groups(shuffled).merged()


@given(decisions)
def test_the_oldest_place_of_a_group_survives(said: list[Decision]) -> None:
    merged = Groups(said).merged()

    for place, oldest in merged.items():
        assert oldest < place
        assert oldest not in merged


def test_what_people_decide_comes_before_the_rules() -> None:
    rules = Decision(1, 1, 2, True, by_somebody=False)
    other = Decision(2, 2, 3, True, by_somebody=True)
    apart = Decision(3, 1, 3, False, by_somebody=True)

    assert Groups([rules, other, apart]).merged() == {3: 2}


def test_three_places_are_one_when_each_is_like_the_next() -> None:
    assert Groups([Decision(1, 1, 2, True, False), Decision(2, 2, 3, True, False)]).merged() == {
        2: 1,
        3: 1,
    }
