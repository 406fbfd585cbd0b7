# /// script
# requires-python = ">=3.11"
# dependencies = ["companies-house==0.2.1"]
# ///
"""The best client of the register on PyPI: one request after another."""

import json

from companies_house import CompaniesHouse, companies_house
from job import KEY, job, record

task = job()
companies_house.BASE_URL = task.base_url  # it has no setting for it
with task.output.open("w", encoding="utf-8") as out:
    client = CompaniesHouse(KEY)
    for number in task.numbers:
        parts = (client.company(number), client.officers(number, items_per_page=100), client.psc(number))
        out.write(json.dumps(record(*parts)) + "\n")
