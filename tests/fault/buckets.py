"""Lakes in S3, Azure and HDFS for the fault matrix: servers, their contents, proxies that misbehave."""

import json
import os
import pathlib
import sys
import threading
import time
import urllib.request

from actors import BUILD, DEADLINE, ROOT, Failure, Server

sys.path.append(str(ROOT / "tests/lib"))
# pylint: disable=wrong-import-position
from azure import Azure
from hdfs import HDFS
from rest import Refused
from s3 import S3

lock = threading.Lock()
servers = {}


def shared(kind):
    """The server of this kind that all cases use; that of the tests' run when there is one."""
    script = STORES[kind].server or kind
    with lock:
        if script not in servers:
            there = pathlib.Path(os.environ.get("WEIR_TEST_SERVERS", "/")) / script
            running = (there / "env").exists()
            own = f"{os.environ['XDG_RUNTIME_DIR']}/{script}"
            servers[script] = Server(script, there if running else own, running=running)
        return servers[script]


def stop_all():
    for server in servers.values():
        if not server.running:
            server.script("stop")


class Remote:
    """The files of a lake in a place of its own on a server, read by a client other than weir's."""

    server = ""  # the script of tests/servers, when its name is not that of the kind
    prefix = "a b/t/"

    def __init__(self, case, env):
        self.case, self.name, self.entries = case, case.topic, {}
        case.files = self
        case.environment.update(env)
        self.lead(self.address(env))
        self.lake, self.environment = case.lake, dict(case.environment)  # for readers, which faults do not affect

    def address(self, env):
        """The URL of the server."""
        raise NotImplementedError

    def lead(self, url):
        """Programs that start from now on use URL for the server."""
        raise NotImplementedError

    def keys(self):
        """The names of everything in the place."""
        raise NotImplementedError

    def fetch(self, name):
        raise NotImplementedError

    def remove(self, name):
        raise NotImplementedError

    def names(self):
        """Paths in the table; those of others in the place are a failure."""
        keys = self.keys()
        alien = [key for key in keys if not key.startswith(self.prefix)]
        if alien:
            raise Failure(f"{alien[0]} lies outside of the table")
        return [key[len(self.prefix) :] for key in keys]

    def get(self, name):
        if name in self.entries:  # one never changes
            return self.entries[name]
        data = self.fetch(self.prefix + name)
        if name.startswith(("_weir_log/0", "_delta_log/0")):
            self.entries[name] = data
        return data

    def stages(self):
        return [name for name in self.names() if name.startswith("_weir_stage/")]

    def left_over(self):
        """Files that must not exist at the end; stages of killed writers may remain, because nobody removes them before they are old."""
        time.sleep(2)  # servers count whole seconds, and nothing is old in its first
        self.case.call(BUILD / "bin/lake-check", "--clean", "--older-than", "0s", self.case.lake)
        head = self.get(self.case.versions()[-1]).decode()  # its names may have been written again by a late request
        return [name for name in self.names() if name.startswith(("_weir_stage/", ".")) and name not in head]


class Bucket(Remote):
    """A bucket of S3."""

    def __init__(self, case, env):
        self.s3 = S3(env["WEIR_TEST_S3"], env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], env["AWS_REGION"])
        self.s3.make_bucket(case.topic)
        super().__init__(case, env)

    def address(self, env):
        return env["WEIR_TEST_S3"]

    def lead(self, url):
        self.case.lake = f"s3://{self.name}/a b/t"
        self.case.environment["AWS_ENDPOINT_URL"] = url

    def keys(self):
        return [key for _, key in self.s3.list(self.name)]

    def fetch(self, name):
        return self.s3.get(self.name, name)

    def remove(self, name):
        self.s3.remove(self.name, self.prefix + name)


class Container(Remote):
    """A container of Azure."""

    def __init__(self, case, env):
        self.azure = Azure(env["WEIR_TEST_AZURE"], env["AZURE_STORAGE_ACCOUNT"], env["AZURE_STORAGE_KEY"])
        self.azure.make_container(case.topic)
        super().__init__(case, env)

    def address(self, env):
        return env["WEIR_TEST_AZURE"].rpartition("/")[0]  # without the account

    def lead(self, url):
        self.case.lake = f"az://{self.name}/a b/t"
        self.case.environment["AZURE_STORAGE_SERVICE_ENDPOINT"] = f"{url}/{self.azure.account}"

    def keys(self):
        return [name for _, name in self.azure.list(self.name)]

    def fetch(self, name):
        return self.azure.get(self.name, name)

    def remove(self, name):
        self.azure.remove(self.name, self.prefix + name)


class Tree(Remote):
    """A directory of HDFS, through WebHDFS; weir finds data nodes by itself."""

    server, gateway = "hdfs", "WEIR_TEST_HDFS"
    coming_up = {"RetriableException", "SafeModeException", "EOFException", "BlockMissingException", "ConnectException"}

    def __init__(self, case, env):
        self.hdfs = HDFS(env["WEIR_TEST_HDFS"], env["HADOOP_USER_NAME"])
        self.hdfs.make_directory("/" + case.topic)
        super().__init__(case, env)

    def address(self, env):
        return env[self.gateway]

    def lead(self, url):
        self.case.lake = f"{url.replace('http', 'hdfs')}/{self.name}/a b/t"

    def ask(self, function, path):
        try:
            return function(path)
        except Refused as refused:
            if refused.code in self.coming_up or "Could not obtain block" in str(refused):
                raise ConnectionError(str(refused)) from None
            raise

    def keys(self):
        try:
            return self.ask(lambda path: [name for _, name in self.hdfs.list(path)], "/" + self.name)
        except Refused as refused:
            if refused.code != "FileNotFoundException":
                raise
            return self.keys()  # a directory was removed meanwhile

    def fetch(self, name):
        return self.ask(self.hdfs.get, f"/{self.name}/{name}")

    def remove(self, name):
        self.hdfs.remove(f"/{self.name}/{self.prefix}{name}")


class Gateway(Tree):
    """The same through HttpFS; data pass through it, too."""

    gateway = "WEIR_TEST_HTTPFS"


STORES = {"minio": Bucket, "versitygw": Bucket, "azurite": Container, "hdfs": Tree, "httpfs": Gateway}


class Proxy:
    """faulthttp between the pipelines of a case and their server."""

    def __init__(self, case, server):
        env = server.environment  # with the key, because it signs changed requests again
        upstream = case.files.address(env)
        self.server = Server("faulthttp", case.directory / "proxy", upstream, variables=env)
        case.cleanups.append(lambda: self.server.script("kill"))
        self.url = self.server.environment["WEIR_TEST_FAULT"]
        case.files.lead(self.url)

    def control(self, data=None):
        request = urllib.request.Request(self.url + "/_fault", data, method="PUT" if data is not None else "GET")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=DEADLINE) as answer:
            return answer.read()

    def set(self, *rules):
        """Set the rules for all later requests."""
        self.control("".join(json.dumps(rule) + "\n" for rule in rules).encode())

    def followed(self):
        """How often a rule was applied."""
        return sum(rule["followed"] for rule in json.loads(self.control())["rules"])


def own_server(case, kind):
    """A separate server for the case, which it may kill."""
    script = STORES[kind].server or kind
    server = Server(script, case.directory / script)
    case.cleanups.append(lambda: server.script("kill"))
    return server


def enter(case, kind, server):
    """The lake of CASE is on SERVER, of this kind, and is watched."""
    STORES[kind](case, server.environment)
    watcher = case.watcher(case)
    case.checks.append(watcher.judge)
    return watcher
