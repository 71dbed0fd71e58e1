"""The schools from which no referral was seen, though their pupils and others say much: a story.

They lie in Camden, whose referrals from schools nearly all name the school, so that the silence
can be told from a blank. They are never the school of a referral, in no borough's file.
"""

from collections.abc import Iterable

from gapmap.demo.school import School

QUIET_BOROUGH = "Camden"
STATE_SCHOOLS, INDEPENDENTS = 3, 2


def quiet_schools(schools: Iterable[School]) -> frozenset[int]:
    """Return their URNs: secondary schools that neither open nor close in the two years."""
    steady = sorted(
        one.urn
        for one in schools
        if one.borough.name == QUIET_BOROUGH
        and one.kind == "secondary"
        and one.closed is None
        and not one.predecessors
    )
    independent = sorted(
        one.urn
        for one in schools
        if one.borough.name == QUIET_BOROUGH
        and one.kind == "independent"
        and one.closed is None
        and one.ages == (11, 18)
    )
    return frozenset((*steady[::3][:STATE_SCHOOLS], *independent[:INDEPENDENTS]))
