"""The keys of calendars (`language`)."""

from __future__ import annotations

from chainsim.scenario.keys import Key, Keys

COUNTED_IN = ("calendar_time", "working_time")

CALENDAR: Keys = {
    "days": Key("weekdays", "Days of the week that are open; default all.", ["mon", "tue", "wed", "thu", "fri"], None),
    "closed": Key(
        "closures",
        "Days that are closed all the same, and times {from, to}: dates, the last one included, or times from the start of the run.",
        ["2026-12-25", {"from": "2026-08-03", "to": "2026-08-14"}],
        None,
    ),
}
CALENDARS: Keys = {
    "calendars": Key(
        "mapping",
        "Calendars by name, for several sites and lanes to go by.",
        {"office": {"days": ["mon", "tue", "wed", "thu", "fri"]}},
        {},
        of="calendar",
    )
}
DAYS_OF_SITE: Keys = {
    "working_days": Key(
        "calendar",
        "When people work there: goods are received and sent, orders placed and jobs started on these days only. Customers are "
        "served whenever they come. Weekdays, {days, closed}, or the name of one of `calendars`.",
        "office",
        None,
    ),
    "order_days": Key("calendar", "When its orders are placed; of its working days.", ["mon", "thu"], None),
}
DAYS_OF_LANE: Keys = {
    "shipping_days": Key(
        "calendar", "When goods leave on it; of the working days of the site they leave.", ["tue", "fri"], None
    ),
    "lead_time_in": Key(
        "choice",
        "Is its lead time counted in calendar time, the default, or in the working time of the site that ships?",
        "working_time",
        None,
        choices=COUNTED_IN,
    ),
}
