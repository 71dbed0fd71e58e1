"""A history of every extract that figures rest on, the same in a store and in the oracle."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from gapmap.stores.store import Store
from tests.queries import oracle, oracle_figures
from tests.queries.oracle_figures import Told
from tests.releasing import release_by_rule
from tests.uploads import course, engagement, publish_csv, referral, school, school_return

QUARTERS = ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
NAMES = [row["borough"] for row in oracle_figures.reference_rows("boroughs.csv")]
# Southwark, Tower Hamlets and Hackney adjoin, two of them across the Thames.
SCHOOLS_IN = ["Hackney", "Tower Hamlets", "Southwark", "Bromley"]
LATE = "Harrow"  # does not submit the first quarter; adjoins none of the four
SOURCES = ["1A", "2A", "2A", "2A", "2B", "6"]
OUTCOMES = ["not yet decided", "NFA", "NFA", "early help", "assessment", "s47"]
QUESTIONS = ["harassment happens", "would report"]


def register(choose: random.Random) -> list[dict[str, Any]]:
    rows = []
    for place, name in enumerate(SCHOOLS_IN):
        code, start = oracle_figures.code_of(name), 110000 + 100 * place
        rows += [
            school(start, code, "Community school", "Primary", (3, 11), 400),
            school(start + 1, code, "Community school", "Secondary", (11, 18), ""),
            school(start + 2, code, "Other independent school", ages=(4, 13), pupils=150),
            school(start + 3, code, "Other independent school"),
            school(start + 4, code, "Further education", "16 plus", (16, 99)),
            school(start + 5, code, "Unheard of kind", "Secondary", (11, 16), 500),
        ]
        for more in range(6, 14):
            pupils = choose.randint(300, 1500)
            rows.append(
                school(start + more, code, "Academy converter", "Secondary", (11, 18), pupils)
            )
    return rows


def referrals(choose: random.Random, quarter: str, urns: list[int]) -> list[dict[str, Any]]:
    """Referrals of most boroughs; those of Hackney seldom name the school."""
    rows = {}
    for name in NAMES:
        for _ in range(choose.randint(0, 9)):
            source = choose.choice(SOURCES)
            urn = choose.choice(urns) if source == "2A" else ""
            if source == "2A" and choose.random() < (0.6 if name == "Hackney" else 0.1):
                urn = ""
            row = referral(
                quarter=quarter,
                borough=name,
                urn=urn,
                urn_attended=choose.choice([urn, "", *urns[:4]]),
                referral_type=choose.choice(["HSB", "HSB", "other child-on-child abuse"]),
                source=source,
                outcome=choose.choice(OUTCOMES),
                referrals=choose.choice([0, 1, 2, 3, 5, 9, 30]),
            )
            key = tuple(row[c] for c in ("borough", "urn", "urn_attended", "referral_type"))
            rows[(*key, row["source"], row["outcome"])] = row
    return list(rows.values())


def survey(
    choose: random.Random, quarter: str, register: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    names = {oracle_figures.code_of(name): name for name in SCHOOLS_IN}
    places = [(names[r["DistrictAdministrative (code)"]], r["URN"]) for r in register]
    rows = []
    for name, urn in [*choose.sample(places, 20), (choose.choice(NAMES), "")]:
        for respondent in choose.sample(["child", "child", "parent", "school"], 2):
            for sex in choose.choice([["all"], ["girls", "boys"], ["all", "girls"]]):
                for question in QUESTIONS:
                    valid = choose.choice([0, 12, 40, 90])
                    a_lot = choose.randint(0, valid // 2)
                    row = {
                        "quarter": quarter, "borough": name, "urn": urn, "respondent": respondent,
                        "sex": sex, "question": question, "valid_answers": valid,
                        "a_lot": a_lot, "sometimes": choose.randint(0, valid - a_lot),
                    }  # fmt: skip
                    rows.append(row)
    unique = {
        tuple(r[c] for c in ("borough", "urn", "respondent", "sex", "question")): r for r in rows
    }
    return list(unique.values())


ITEMS = ["review completed", "offer published", "GPs alerted", "PSHE programme"]
STATUSES = ["not started", "in progress", "done"]
YEARS = [2024, 2025]
NO_RESIDENTS = "Merton"


def population() -> list[dict[str, Any]]:
    """Residents of every borough but one; only some have an estimate for the second year."""
    return [
        {"borough": name, "year": year, "age_group": "0-17", "residents": 1000 * year + 37 * place}
        for place, name in enumerate(NAMES)
        for year in YEARS
        if name != NO_RESIDENTS and (year == YEARS[0] or place % 2)
    ]


def factors(choose: random.Random) -> list[dict[str, Any]]:
    """DfE's published figures, symbols among them, of two years."""
    rows = []
    for name in NAMES:
        for year in YEARS if name != "Bexley" else YEARS[1:]:
            found = choose.choice(["c", "x", "low", "0", "7", "12", "12"])
            rows.append(
                {
                    "time_period": year,
                    "geographic_level": "Local authority",
                    "new_la_code": oracle_figures.code_of(name),
                    "Episodes_with_assessment_factor": choose.choice([0, 300, 900, "z"]),
                    "Sexual_Abuse_child_on_child": found,
                }
            )
    for row in rows:
        if row["Episodes_with_assessment_factor"] == 0:
            row["Sexual_Abuse_child_on_child"] = "0"
    return rows


def review(choose: random.Random, quarter: str) -> list[dict[str, Any]]:
    rows = []
    for name in choose.sample(NAMES, 20):
        for item in choose.sample(ITEMS, choose.randint(1, 4)):
            status = choose.choice(STATUSES)
            month = f"{quarter[:4]}-0{3 * int(quarter[-1]) - 2}" if status == "done" else ""
            rows.append(
                {
                    "quarter": quarter,
                    "borough": name,
                    "item": item,
                    "status": status,
                    "month": month,
                }
            )
    return rows


def agencies(
    choose: random.Random, quarter: str, schools: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Training of agencies, and of some schools' staff."""
    rows = [
        course(
            quarter=quarter, borough=name, agency=agency, urn="", course="multi-agency HSB",
            staff_in_scope=40, staff_trained=choose.randint(0, 40),
        )
        for name in choose.sample(NAMES, 15)
        for agency in choose.sample(["police", "health", "voluntary"], 2)
    ]  # fmt: skip
    names = {oracle_figures.code_of(name): name for name in SCHOOLS_IN}
    for row in choose.sample(schools, 24):
        place = names[row["DistrictAdministrative (code)"]]
        rows.append(course(quarter=quarter, borough=place, urn=row["URN"], course="governor"))
    return rows


def returns(quarter: str, schools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns of half of the schools; some without the criteria, some to whom none applies."""
    choose = random.Random(quarter)
    rows = []
    for row in choose.sample(schools, len(schools) // 2):
        applicable = choose.choice(["", 0, 20, 40])
        met = choose.randint(0, applicable) if applicable != "" else ""
        rows.append(
            school_return(
                quarter=quarter, urn=row["URN"], self_evaluation_met=met,
                self_evaluation_applicable=applicable,
            )
        )  # fmt: skip
    return rows


def lado(choose: random.Random, quarter: str) -> list[dict[str, Any]]:
    rows = []
    for name in choose.sample(NAMES, 25):
        contacts = choose.choice([0, 3, 17, 19, 20, 22, 23, 60])
        met = choose.randint(0, contacts)
        rows.append(
            {
                "quarter": quarter, "borough": name, "contacts_education": contacts,
                "threshold_met": met, "concluded": met, "substantiated": 0,
            }
        )  # fmt: skip
    return rows


class Telling:
    """Publishes to a store and tells the oracle."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.choose = store, random.Random(seed)
        self.told = Told(oracle.Expected())

    def register(self, rows: list[dict[str, Any]]) -> None:
        as_at = date(2025, 1, 31)
        done = publish_csv(self.store, "schools", rows, as_at=as_at)
        self.told.register.add("schools", rows, done.submission_id, as_at=as_at)

    def file(self, extract: str, rows: list[dict[str, Any]], nil: tuple[str, ...] = ()) -> None:
        publish_csv(self.store, extract, rows, covers=nil)
        self.told.uploads.append((extract, rows, nil))

    def all_of_it(self) -> None:
        choose = self.choose
        rows = register(choose)
        self.register(rows)
        urns = [row["URN"] for row in rows]
        # Some schools are named by no referral.
        referring = [urn for urn in urns if urn % 3]
        order = list(QUARTERS)
        choose.shuffle(order)
        for quarter in order:
            sent = referrals(choose, quarter, referring)
            if quarter == QUARTERS[0]:
                sent = [row for row in sent if row["borough"] != LATE]
            having = {row["borough"] for row in sent}
            nil = [n for n in NAMES if n not in having and (n, quarter) != (LATE, QUARTERS[0])]
            self.file("referrals", sent, tuple(oracle_figures.code_of(n) for n in nil))
            self.file("lado", lado(choose, quarter), ())
        self.file("perception_survey", survey(choose, "2025-Q3", rows))
        self.file("perception_survey", survey(choose, "2026-Q2", rows))
        for quarter in ("2025-Q4", "2026-Q2"):
            named = choose.sample(urns, 18)
            self.file(
                "testimonies",
                [
                    {"quarter": quarter, "urn": u, "testimonies": choose.choice([0, 1, 9])}
                    for u in named
                ],
            )
        self.file(
            "police_engagement",
            [engagement(quarter="2026-Q2", urn=u, last_contact_month="2026-06") for u in urns[::3]],
        )
        self.file("population", population())
        self.file("cin_factors", factors(choose))
        for quarter in ("2026-Q1", "2025-Q3"):
            self.file("partnership_review", review(choose, quarter))
            self.file("training", agencies(choose, quarter, rows))
        for quarter in ("2025-Q2", "2026-Q1"):
            self.file("school_safeguarding", returns(quarter, rows))
        # A correction of one borough: what it leaves out is gone.
        again = [r for r in referrals(choose, "2026-Q1", referring) if r["borough"] == "Southwark"]
        self.file("referrals", again or [referral(quarter="2026-Q1", borough="Southwark")])
        release_by_rule(self.store)
