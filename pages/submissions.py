"""Submissions: what came, from whom, what of it stands; withdraw with a reason, and undo."""

import streamlit as st

from gapmap.ui import frame
from gapmap.ui.loads import load
from gapmap.ui.navigation import go_into
from gapmap.ui.upload import submission_panels
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
left, right = st.columns([3, 1], vertical_alignment="bottom")
left.title("Submissions")
with right:
    extract = submission_panels.choose_extract()

if not viewer.may_upload:
    st.caption("What stands. Who sent it is shown to the borough's lead and to administrators.")
    standing = load(viewer, "submissions/standing", extract=extract)
    if standing.empty:
        frame.nothing_held(viewer)
    else:
        submission_panels.standing_table(standing)
    st.stop()

found = submission_panels.visible(viewer, extract)
if not found:
    frame.no_submission(viewer)
    st.stop()
chosen = submission_panels.submissions_table(found)
asked = st.query_params.get("submission")
of_id = {submission["submission_id"]: submission for submission in found}
if asked in of_id:
    submission_panels.life_of(of_id[asked], viewer)
else:
    st.caption("Choose a submission to see its life, to withdraw it or to undo that.")
if chosen and chosen != asked:
    go_into(submission=chosen)
