# /// script
# requires-python = ">=3.11"
# dependencies = ["requests==2.34.2", "urllib3==2.8.0"]
# ///
"""requests with a pool of threads, a session each, and urllib3's Retry."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from job import PATHS, SIGNED, job, record
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

task = job()
local = threading.local()


def session() -> requests.Session:
    if not hasattr(local, "session"):
        local.session = requests.Session()
        local.session.headers.update(SIGNED)
        retry = Retry(total=6, backoff_factor=0.2, status_forcelist=(429, 500, 502, 503, 504))
        local.session.mount("http://", HTTPAdapter(max_retries=retry))
    return local.session


def company(number: str) -> str:
    parts = []
    for path in PATHS:
        answer = session().get(task.base_url + path.format(number), timeout=20)
        answer.raise_for_status()
        parts.append(json.loads(answer.content))
    return json.dumps(record(*parts))


with task.output.open("w", encoding="utf-8") as out, ThreadPoolExecutor(task.concurrency) as pool:
    for line in pool.map(company, task.numbers):
        out.write(line + "\n")
