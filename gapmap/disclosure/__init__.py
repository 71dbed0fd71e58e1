"""The disclosure audit: which cells of a release are shown, and why nobody can tell the others."""

from gapmap.disclosure.auditing import AuditFailed as AuditFailed
from gapmap.disclosure.planning import Plan as Plan
from gapmap.disclosure.planning import plan as plan
from gapmap.disclosure.sheets import Earlier as Earlier
