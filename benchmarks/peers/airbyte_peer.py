# /// script
# requires-python = ">=3.11"
# dependencies = ["airbyte-cdk==7.39.1"]
# ///
"""airbyte-cdk as a library: a declarative source of three streams, a partition for each company, 20 threads."""

import json
import logging

from airbyte_cdk.models import (
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    DestinationSyncMode,
    SyncMode,
    Type,
)
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from job import KEY, PATHS, job, record

task = job()
NAMES = ("profile", "officers", "psc")
SCHEMA = {"type": "object", "additionalProperties": True}


def stream(name: str, path: str) -> dict:
    return {
        "type": "DeclarativeStream",
        "name": name,
        "schema_loader": {"type": "InlineSchemaLoader", "schema": SCHEMA},
        "retriever": {
            "type": "SimpleRetriever",
            "requester": {
                "type": "HttpRequester",
                "url_base": task.base_url,
                "path": path.replace("{}", "{{ stream_partition.number }}"),
                "http_method": "GET",
                "authenticator": {"type": "BasicHttpAuthenticator", "username": KEY, "password": ""},
            },
            "record_selector": {"type": "RecordSelector", "extractor": {"type": "DpathExtractor", "field_path": []}},
            "partition_router": {"type": "ListPartitionRouter", "values": task.numbers, "cursor_field": "number"},
        },
        "transformations": [
            {"type": "AddFields", "fields": [{"path": ["number"], "value": "{{ stream_partition.number }}"}]}
        ],
    }


MANIFEST = {
    "version": "6.0.0",
    "type": "DeclarativeSource",
    "check": {"type": "CheckStream", "stream_names": ["profile"]},
    "streams": [stream(name, path) for name, path in zip(NAMES, PATHS, strict=True)],
    "concurrency_level": {
        "type": "ConcurrencyLevel",
        "default_concurrency": task.concurrency,
        "max_concurrency": task.concurrency,
    },
    "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
}
logger = logging.getLogger("airbyte")
logger.setLevel(logging.WARNING)
catalog = ConfiguredAirbyteCatalog(streams=[])
source = ConcurrentDeclarativeSource(catalog=catalog, config={}, state=[], source_config=MANIFEST)
for found in source.discover(logger, {}).streams:
    catalog.streams.append(
        ConfiguredAirbyteStream(
            stream=found, sync_mode=SyncMode.full_refresh, destination_sync_mode=DestinationSyncMode.append
        )
    )
companies: dict[str, dict[str, dict]] = {}
with task.output.open("w", encoding="utf-8") as out:
    for message in source.read(logger, {}, catalog, []):
        if message.type != Type.RECORD:
            continue
        parts = companies.setdefault(message.record.data["number"], {})
        parts[message.record.stream] = message.record.data
        if len(parts) == len(NAMES):
            out.write(json.dumps(record(*(parts[name] for name in NAMES))) + "\n")
            del companies[message.record.data["number"]]
