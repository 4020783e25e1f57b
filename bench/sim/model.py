# SPDX-License-Identifier: Apache-2.0
"""What a job asks of each resource: measured costs (costs.json, database.json, redis.json), what is assumed
(assumptions.json), and counts read from the code."""
import bisect
import json
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
QUANTILES = (("min", 0.0), ("p10", 0.1), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))
PLACES = [place for _, place in QUANTILES]
KEYS = ("upload_bytes", "worker_cpu_ms", "service_cpu_ms", "peak_mb", "stored_bytes", "objects")

# Requests to the object store in a job's life (docs/s3.md): the upload is put, read by the worker, and removed when the
# result was fetched; what is stored (one pack, and an object a preview) is put, previews four at a time; GET .../result
# reads the pack twice; a preview is one object. At its age a job's objects are listed, and removed with those of the
# other jobs of a round (jobs/remove.cpp) by DeleteObjects, up to 1,000 with a request.
STORE_PUTS, STORE_GETS_RUN, STORE_GETS_RESULT, STORE_GETS_PREVIEW, STORE_LISTS = 1, 1, 2, 1, 1
STORE_PUTS_AT_ONCE = 4  # jobs/part_store.hpp
STORE_REMOVED_AT_ONCE, JOBS_REMOVED_AT_ONCE = 1000, 200
# Scripts in Redis: one for each counted request (rate/); offer, take, finish of the queue and one for each renewal
# (queue/). Takes that find nothing, at most: of the runners that a job wakes (kWoken in queue/redis_queue.cpp), and by
# the one that has finished it.
REDIS_QUEUE_SCRIPTS, REDIS_EMPTY_TAKES = 3, 2 + 1


def load(name):
    path = HERE / name
    return json.loads(path.read_text()) if path.exists() else {}


def interpolate(points, at):
    """Linear between points (x, y) that are in order, and beyond them."""
    xs = [x for x, _ in points]
    i = min(max(bisect.bisect_right(xs, at), 1), len(points) - 1)
    (x0, y0), (x1, y1) = points[i - 1], points[i]
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0) if x1 > x0 else y0


class Drawings:
    """Draws jobs from the measured distributions in the mix's shares. Within a class of size a drawing that is at a
    place among the others by one measure is taken to be there by all: large ones cost more."""

    def __init__(self, costs, assumptions, preview="preview"):
        table = costs["jobs"][preview]
        self.cells, self.shares, self.replaced = [], [], []
        for form, part in assumptions["mix"]["formats"].items():
            names = list(table[form])
            for name, share in assumptions["mix"]["classes"].items():
                if name not in table[form]:
                    self.replaced.append((form, name, names[-1]))
                self.cells.append((form, table[form].get(name, table[form][names[-1]])))
                self.shares.append(part * share)
        self.values = [{key: [cell[key][name] for name, _ in QUANTILES] for key in KEYS} for _, cell in self.cells]
        total = sum(self.shares)
        self.cumulative, so_far = [], 0.0
        for share in self.shares:
            so_far += share / total
            self.cumulative.append(so_far)
        self.post = [(2_000, costs["post_ms"]["2 KB"]), (50_000, costs["post_ms"]["50 KB"]),
                     (1 << 20, costs["post_ms"]["1 MB"]), (8 << 20, costs["post_ms"]["8 MB"])]

    def sample(self, rng):
        at = min(bisect.bisect(self.cumulative, rng.random()), len(self.cells) - 1)
        place = rng.random()
        i = min(bisect.bisect_right(PLACES, place), len(PLACES) - 1)
        part = (place - PLACES[i - 1]) / (PLACES[i] - PLACES[i - 1])
        drawing = {key: values[i - 1] + (values[i] - values[i - 1]) * part for key, values in self.values[at].items()}
        drawing["format"] = self.cells[at][0]
        return self.with_costs(drawing)

    def with_costs(self, drawing):
        """Of the service's own time an upload's is the API node's, the rest belongs to running the job."""
        drawing["post_ms"] = self.post_ms(drawing["upload_bytes"])
        drawing["work_ms"] = drawing["worker_cpu_ms"] + max(0.0, drawing["service_cpu_ms"] - drawing["post_ms"])
        return drawing

    def mean(self, key):
        total = sum(self.shares)
        return sum(share * cell[key]["mean"] for share, (_, cell) in zip(self.shares, self.cells)) / total

    def post_ms(self, upload_bytes):
        return interpolate(self.post, upload_bytes)


def demands(costs, database, redis, assumptions, drawings):
    """Of one mean job: seconds of processors, requests and bytes. The table of the utilization law."""
    clients, requests = assumptions["clients"], costs["requests"]
    upload, objects = drawings.mean("upload_bytes"), drawings.mean("objects")
    post = drawings.post_ms(upload)
    renewals = drawings.mean("worker_cpu_ms") / 1000 / assumptions["lease"]["renew_seconds"]
    calls = 1 + clients["polls"] + clients["result_reads"] + clients["preview_reads"]
    cpu, webhook = database["cpu_ms"], clients["webhook_share"]
    stored = drawings.mean("stored_bytes")
    read_ms = (clients["polls"] * requests["job"]["cpu_ms"] + clients["preview_reads"] * requests["preview"]["cpu_ms"]
               + clients["result_reads"] * result_ms(requests, stored))
    return {
        "worker_ms": drawings.mean("worker_cpu_ms") + max(0.0, drawings.mean("service_cpu_ms") - post),
        "api_ms": post + read_ms,
        "database_ms": cpu["job"] + clients["polls"] * cpu["poll"] + renewals * cpu["renewal"]
        + (objects - database["parts"]) * cpu["part"] + webhook * cpu["webhook"]
        # The measured job has four entries of the feed: its acceptance, its end, upload and result.
        + (clients["polls"] + 2 * webhook) * cpu["feed_row"],
        "wal_bytes": database["plain"]["wal_bytes"] + webhook * (database["with_webhook"]["wal_bytes"]
                                                                  - database["plain"]["wal_bytes"])
        + (objects - database["parts"]) / 20 * (database["with_20_more_parts"]["wal_bytes"] - database["plain"]["wal_bytes"])
        + (clients["polls"] + 2 * webhook) / 20 * (database["with_20_more_feed_rows"]["wal_bytes"]
                                                   - database["plain"]["wal_bytes"]),
        # submit, claim, complete, the upload's mark; two for each of the two deliveries of a webhook
        "commits": 4 + renewals + webhook * 4,
        "redis_scripts": calls + REDIS_QUEUE_SCRIPTS + renewals + REDIS_EMPTY_TAKES,
        "redis_ms": redis["queue_ms"] + calls * redis["limit_ms"] + renewals * redis["adopt_ms"]
        + REDIS_EMPTY_TAKES * redis["empty_take_ms"],
        "store_puts": STORE_PUTS + objects,
        "store_gets": STORE_GETS_RUN + clients["result_reads"] * STORE_GETS_RESULT
        + clients["preview_reads"] * STORE_GETS_PREVIEW + STORE_LISTS,
        # The upload's, and a share of a request for many.
        "store_deletes": 1 + max(1 / JOBS_REMOVED_AT_ONCE, (1 + objects) / STORE_REMOVED_AT_ONCE),
        "store_bytes": upload + stored,
        # in: upload to the API node, on to the store, from there to the worker, parts to the store, then to the client
        "api_network_bytes": 2 * upload + 2 * stored, "worker_network_bytes": upload + stored,
        "rows": {"jobs": 1, "parts": objects, "events": 2 * webhook, "deliveries": 2 * webhook, "attempts": 2 * webhook,
                 "activity": 4 + clients["polls"] + 2 * webhook},
        "upload_bytes": upload, "stored_bytes": stored, "objects": objects, "peak_mb": drawings.mean("peak_mb"),
    }


def result_ms(requests, size):
    small, big = requests["result_small"], requests["result_big"]
    return max(small["cpu_ms"], interpolate([(small["bytes"], small["cpu_ms"]), (big["bytes"], big["cpu_ms"])], size))


def zipf_weights(count, exponent):
    weights = [1 / (rank ** exponent) for rank in range(1, count + 1)]
    total = math.fsum(weights)
    return [weight / total for weight in weights]
