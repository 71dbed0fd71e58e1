"""Upload: choose the extract and the quarter, drop a file, mend what is wrong, publish."""

import streamlit as st

from gapmap.intake.intake import Upload
from gapmap.ui import frame, noting
from gapmap.ui.upload import issue_panels, mapping_step, revision_panels, upload_steps
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
st.title("Upload")
if not viewer.may_upload:
    frame.role_may_not("upload", viewer)
    st.stop()

# choose
upload_steps.show_done()
columns = st.columns([3, 1.6, 2.4, 2.4], vertical_alignment="bottom")
with columns[0]:
    contract = upload_steps.choose_extract()
with columns[1]:
    quarter, as_at = upload_steps.choose_period(contract)
with columns[3]:
    by = noting.your_name("submitted_by")
frame.columns_of(contract)
upload_steps.show_asked_borough()
left, right = st.columns([3, 1], vertical_alignment="center")
with right:
    mode = upload_steps.choose_mode(contract)
with columns[2]:
    nil_returns = upload_steps.choose_nil_returns(contract, viewer, mode)
with left:
    file = upload_steps.choose_file()
file = file or upload_steps.nil_return_alone(contract, quarter, nil_returns)
if file is None:
    st.stop()

# load
name, content = file
upload = Upload(content, name, contract.name, quarter, as_at, nil_returns, mode=mode)
prepared = upload_steps.checked(upload, viewer)

# show
mapping_step.show_mapped()
issue_panels.show_stages(prepared)
overtaken = upload_steps.say_race_lost(prepared)
if prepared.refused:
    if not mapping_step.needs_mapping(prepared):
        issue_panels.show_refusal(prepared)
    mapping_step.offer(upload, prepared, by)
    st.stop()
covered = {pair.borough_code for pair in prepared.pairs}
if not viewer.may_submit(contract, covered):
    frame.not_your_boroughs(contract, viewer, covered)
    st.stop()
preview = upload_steps.previewed(prepared, viewer)
upload_steps.show_preview(prepared, preview, viewer, overtaken=overtaken)
mapping_step.offer(upload, prepared, by)
upload_steps.say_who_accepts(viewer, covered)
why, explained = revision_panels.ask_why(preview, upload.sha256[:12])
ticked = issue_panels.accept_warnings(prepared)
knowing = not overtaken or upload_steps.go_on_knowingly(prepared)
if not by:
    st.caption("Give your e-mail above: every submission says who sent it.")
if st.button("Publish", type="primary", disabled=not (ticked and explained and knowing and by)):
    upload_steps.publish_now(prepared, by, viewer, why)
