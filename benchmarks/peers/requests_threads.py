# /// script
# requires-python = ">=3.11"
# dependencies = ["requests==2.34.2", "urllib3==2.8.0"]
# ///
"""requests with a pool of threads, a session each, urllib3's Retry, and a loop for bodies that break off (which Retry,
that ends with the headers, does not see)."""

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


def fetch(url: str) -> bytes:
    for _ in range(5):
        try:
            answer = session().get(url, timeout=20)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            continue
        answer.raise_for_status()
        return answer.content
    raise requests.ConnectionError(url)


def company(number: str) -> str:
    parts = [json.loads(fetch(task.base_url + path.format(number))) for path in PATHS]
    return json.dumps(record(*parts))


with task.output.open("w", encoding="utf-8") as out, ThreadPoolExecutor(task.concurrency) as pool:
    for line in pool.map(company, task.numbers):
        out.write(line + "\n")
