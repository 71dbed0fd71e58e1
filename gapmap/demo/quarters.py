"""The quarters of the demonstration, as text that sorts in time: 2026-Q3 is July to September."""

from datetime import date, timedelta

QUARTERS = tuple(
    f"{year}-Q{number}"
    for year in (2024, 2025, 2026)
    for number in (1, 2, 3, 4)
    if (2024, 4) <= (year, number) <= (2026, 3)
)


def quarter_end(quarter: str) -> date:
    """Return the last day of a quarter."""
    year, month = int(quarter[:4]), 3 * int(quarter[-1])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def month_before(quarter: str, months: int) -> str:
    """Return the month that lies `months` before the quarter's last month, as 2026-05."""
    count = int(quarter[:4]) * 12 + 3 * int(quarter[-1]) - 1 - months
    return f"{count // 12}-{count % 12 + 1:02d}"


def quarter_of_day(day: date) -> str:
    """Return the quarter that a day lies in."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
