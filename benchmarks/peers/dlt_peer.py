# /// script
# requires-python = ">=3.11"
# dependencies = ["dlt==1.31.0"]
# ///
"""dlt to its filesystem destination: 20 extract workers, nesting off, no compression, its own retrying session."""

import json
import os
from pathlib import Path

from job import PATHS, SIGNED, job, record

task = job()
work = task.output.parent / "dlt"
os.environ.update(
    {
        "DLT_DATA_DIR": str(work / "data"),
        "DLT_PROJECT_DIR": str(work),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "EXTRACT__WORKERS": str(task.concurrency),
        "EXTRACT__MAX_PARALLEL_ITEMS": str(task.concurrency),
        "NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION": "true",
        "DESTINATION__FILESYSTEM__BUCKET_URL": (work / "out").as_uri(),
    }
)

import dlt  # noqa: E402 - it reads the environment
from dlt.sources.helpers import requests  # noqa: E402


@dlt.resource(name="numbers", selected=False)
def numbers():
    yield from task.numbers


@dlt.transformer(data_from=numbers, name="companies", max_table_nesting=0, parallelized=True)
def companies(number):
    parts = [requests.get(task.base_url + path.format(number), headers=SIGNED, timeout=20).json() for path in PATHS]
    yield record(*parts)


pipeline = dlt.pipeline(
    "register", destination="filesystem", dataset_name="leads", pipelines_dir=str(work / "pipelines")
)
pipeline.run(numbers | companies, loader_file_format="jsonl").raise_on_failed_jobs()
# One file, so that all contestants are counted alike.
with task.output.open("w", encoding="utf-8") as out:
    for path in sorted(Path(work / "out").rglob("companies/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            out.write(json.dumps(json.loads(line)) + "\n")
