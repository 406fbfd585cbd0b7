# /// script
# requires-python = ">=3.11"
# dependencies = ["singer-sdk==0.54.9"]
# ///
"""A Singer tap of three streams, parent and children, with a target inside the process that joins them."""

import json
import sys

from job import PATHS, SIGNED, job, record
from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th

task = job()
sys.argv = sys.argv[:1]
ANY = th.PropertiesList(
    th.Property("number", th.StringType),
    th.Property("body", th.ObjectType(additional_properties=True)),
).to_dict()


class Register(RESTStream):
    url_base = task.base_url
    schema = ANY
    http_headers = SIGNED
    primary_keys = ("number",)
    records_jsonpath = "$"

    @property
    def state_partitioning_keys(self):
        return []  # one bookmark a stream: the state of each company would make the run's cost grow with its square

    def post_process(self, row, context=None):
        return {"number": context["number"], "body": row}


class Profiles(Register):
    name = "profiles"
    path = PATHS[0].replace("{}", "{number}")

    @property
    def partitions(self):
        return [{"number": number} for number in task.numbers]

    def get_child_context(self, record, context):
        return {"number": context["number"]}


class Officers(Register):
    name = "officers"
    parent_stream_type = Profiles
    path = PATHS[1].replace("{}", "{number}")


class Psc(Register):
    name = "psc"
    parent_stream_type = Profiles
    path = PATHS[2].replace("{}", "{number}")


class Register_(Tap):  # noqa: N801
    name = "tap-register"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self):
        return [Profiles(self), Officers(self), Psc(self)]


class Target:
    """Takes the tap's messages as a target process would, and joins the three parts of each company."""

    def __init__(self, out):
        self.out = out
        self.parts = {}

    def write(self, text):
        for line in text.splitlines():
            message = json.loads(line) if line.strip() else {}
            if message.get("type") != "RECORD":
                continue
            parts = self.parts.setdefault(message["record"]["number"], {})
            parts[message["stream"]] = message["record"]["body"]
            if len(parts) == 3:
                done = self.parts.pop(message["record"]["number"])
                self.out.write(json.dumps(record(done["profiles"], done["officers"], done["psc"])) + "\n")

    def flush(self):
        pass


with task.output.open("w", encoding="utf-8") as out:
    sys.stdout = Target(out)
    Register_(config={}).sync_all()
    sys.stdout = sys.__stdout__
