# /// script
# requires-python = ">=3.11"
# dependencies = ["scrapy==2.19.0"]
# ///
"""Scrapy: a chain of three requests a company, retries on, cookies, robots and telnet off."""

import json

import scrapy
from job import PATHS, SIGNED, job, record
from scrapy.crawler import CrawlerProcess

task = job()
out = task.output.open("w", encoding="utf-8")


class Register(scrapy.Spider):
    name = "register"

    async def start(self):
        for number in task.numbers:
            yield self.ask(number, [])

    def ask(self, number, parts):
        url = task.base_url + PATHS[len(parts)].format(number)
        return scrapy.Request(url, headers=SIGNED, cb_kwargs={"number": number, "parts": parts}, dont_filter=True)

    def parse(self, response, number, parts):
        parts = [*parts, json.loads(response.body)]
        if len(parts) < len(PATHS):
            yield self.ask(number, parts)
        else:
            out.write(json.dumps(record(*parts)) + "\n")


process = CrawlerProcess(
    settings={
        "CONCURRENT_REQUESTS": task.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": task.concurrency,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "RETRY_TIMES": 5,
    }
)
process.crawl(Register)
process.start()
out.close()
