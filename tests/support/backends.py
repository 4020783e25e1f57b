# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL, Redis and an S3 server for tests of many nodes: real ones, on loopback. Each cluster gets a
database, a Redis database and a prefix of its own."""
import atexit
import itertools
import json
import os
import pathlib
import re
import secrets
import subprocess

SERVERS = pathlib.Path(__file__).resolve().parent / "servers"


class Helper:
    """One of servers/*.py: it prints where its server is, obeys lines, and ends with its input."""

    def __init__(self, script, *arguments):
        self.command = ["/usr/bin/python3", str(SERVERS / script), *map(str, arguments)]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.says = self.process.stdout.readline().strip()
        assert self.says, f"{self.command[1]} did not start"

    def tell(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(300)  # a large folder is removed


class Backends:
    def __init__(self, s3=True):
        self.postgres = Helper("postgres.py")
        self.redis = Helper("redis.py")
        self.swift = Helper("swift.py") if s3 else None
        if s3:
            self.s3 = json.loads(self.swift.says)
        self.numbers = itertools.count(1)
        atexit.register(self.stop)

    def stop(self):
        for helper in (self.postgres, self.redis, self.swift):
            if helper:
                helper.stop()

    def sql(self, url, *statements):
        import psycopg2
        connection = psycopg2.connect(url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()

    def fresh(self):
        """The environment of a new cluster."""
        name = "cadlens_" + secrets.token_hex(6)
        self.sql(self.postgres.says, f"CREATE DATABASE {name}")
        number = next(self.numbers)
        environment = {
            "CADLENS_DATABASE_URL": re.sub(r"/[^/]+$", "/" + name, self.postgres.says),
            "CADLENS_REDIS_URL": re.sub(r"/0(\?.*)?$", rf"/{number}\1", self.redis.says),
        }
        if self.swift:
            environment |= {
                "CADLENS_S3_URL": f"{self.s3['url']}&style=path&sse=AES256&prefix=cluster-{number}/",
                "CADLENS_S3_ACCESS_KEY": self.s3["access_key"],
                "CADLENS_S3_SECRET_KEY": self.s3["secret_key"],
            }
        return environment

    def drop(self, environment):
        name = environment["CADLENS_DATABASE_URL"].rsplit("/", 1)[1]
        self.sql(self.postgres.says, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def client(self, environment):
        """Of the S3 server, and the cluster's prefix."""
        import boto3
        from botocore.client import Config
        client = boto3.client("s3", endpoint_url=self.s3["endpoint"], region_name=self.s3["region"],
                              aws_access_key_id=self.s3["access_key"], aws_secret_access_key=self.s3["secret_key"],
                              config=Config(s3={"addressing_style": "path"}, signature_version="s3v4"))
        return client, re.search(r"prefix=([^&]*)", environment["CADLENS_S3_URL"])[1]

    def objects(self, environment):
        """What lies below the cluster's prefix: (key, size) of each object."""
        client, prefix = self.client(environment)
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.s3["bucket"], Prefix=prefix)
        return [(item["Key"].removeprefix(prefix), item["Size"]) for page in pages for item in page.get("Contents", [])]

    def content(self, environment):
        """(key, stored bytes) of each of these objects."""
        client, prefix = self.client(environment)
        return [(key, client.get_object(Bucket=self.s3["bucket"], Key=prefix + key)["Body"].read())
                for key, _ in self.objects(environment)]

    def change(self, environment, key, content):
        """None: removes it."""
        client, prefix = self.client(environment)
        where = {"Bucket": self.s3["bucket"], "Key": prefix + key}
        if content is None:
            client.delete_object(**where)
        else:
            client.put_object(**where, Body=content)

    def open(self, environment):
        return Database(environment["CADLENS_DATABASE_URL"])


class Database:
    """PostgreSQL with sqlite3's manners, as far as the tests use them."""

    def __init__(self, url):
        import psycopg2
        self.connection = psycopg2.connect(url)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        (self.connection.rollback if kind else self.connection.commit)()
        self.connection.close()

    def execute(self, sql, parameters=()):
        sql = sql.replace("%", "%%").replace("?", "%s")
        if sql.startswith("INSERT OR IGNORE"):
            sql = sql.replace(" OR IGNORE", "", 1) + " ON CONFLICT DO NOTHING"
        cursor = self.connection.cursor()
        cursor.execute(sql, tuple(parameters))
        return cursor

    def executemany(self, sql, rows):
        for row in rows:
            self.execute(sql, row)

    def commit(self):
        self.connection.commit()

    def close(self):
        self.connection.close()
