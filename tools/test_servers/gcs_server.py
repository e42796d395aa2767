"""Cloud Storage on loopback: an emulator behind a proxy that checks tokens and rights.

The emulator takes every request. The proxy asks Google's IAM in memory first, keeps the
buckets' policies itself (with etags), and gives a new bucket the settings that it was made with.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gcp_storage_emulator.server import RequestHandler
from gcp_storage_emulator.storage import Storage

from tools.test_servers.google_iam import FakeIam, GoogleApiError

__all__ = ["GcsServer", "gcs_server"]

PROJECT = "recordings-project"

_ACCOUNT = re.compile(
    r"/v1/projects/[^/]+/serviceAccounts(?:/([^/:]+))?(?:/keys(?:/([^/]+))?()|:(enable))?"
)
_BUCKET = re.compile(r"/storage/v1/b(?:/([^/]+)(?:/(iam|o)(?:/(.+))?)?)?")
_UPLOAD = re.compile(r"/upload/storage/v1/b/([^/]+)/o")
_DOWNLOAD = re.compile(r"/(?:download/storage/v1/b/)?([^/]+)/(?:o/)?(.+)")


@dataclass
class GcsServer:
    """The running server: where it listens, and its content, for tests to read and change."""

    url: str
    iam: FakeIam
    storage: Any
    emulator_port: int
    failures: list[int] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    patching: threading.Lock = field(default_factory=threading.Lock)

    @property
    def project(self) -> str:
        """The project of all buckets and accounts."""
        return self.iam.project

    @property
    def token_uri(self) -> str:
        """Where a key file says that tokens are fetched."""
        return f"{self.url}/token"

    def environment(self, folder: Path) -> dict[str, str]:
        """What the administrator's environment holds; the key file is written to ``folder``."""
        path = folder / "administrator.json"
        path.write_text(self.iam.admin_key(self.token_uri))
        return {
            "GOOGLE_APPLICATION_CREDENTIALS": str(path),
            "STORAGE_EMULATOR_HOST": self.url,
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": self.url,
        }

    def bucket(self, name: str) -> dict[str, Any]:
        """Return a bucket's settings; a test that changes them makes drift."""
        settings: dict[str, Any] = self.storage.buckets[name]
        return settings

    def bucket_names(self) -> set[str]:
        """Return the names of all buckets."""
        return set(self.storage.buckets)

    def objects(self, bucket: str) -> set[str]:
        """Return the names of a bucket's objects."""
        return set(self.storage.objects.get(bucket, {}))

    def unfinished_uploads(self) -> set[str]:
        """Return the ids of resumable uploads that were neither finished nor cancelled."""
        return set(self.storage.resumable)

    def create_bucket(self, name: str) -> None:
        """Create a bucket as somebody does by hand."""
        body = json.dumps({"name": name}).encode()
        kind = {"Content-Type": "application/json"}
        status, _, _ = self.forward("POST", "/storage/v1/b", body, kind)
        assert status == 200

    def put(self, bucket: str, name: str, content: bytes = b"webm") -> None:
        """Upload an object, past the rights of everybody."""
        path = f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}"
        status, _, _ = self.forward("POST", path, content, {"Content-Type": "video/webm"})
        assert status == 200

    def forward(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request to the storage emulator; return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator_port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


class _Proxy(BaseHTTPRequestHandler):
    """Answers calls of IAM itself; checks the rights of calls of storage, then forwards them."""

    server: _HttpServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def _serve(self) -> None:
        self._body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._url = urlsplit(self.path)
        self._query = {key: found[0] for key, found in parse_qs(self._url.query).items()}
        self._gcs_server.calls.append(f"{self.command} {self._url.path}")
        try:
            self._answer(*self._handle())
        except GoogleApiError as error:
            self._answer(error.status, {}, json.dumps(error.body).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    @property
    def _gcs_server(self) -> GcsServer:
        return self.server.gcs_server

    @property
    def _iam(self) -> FakeIam:
        return self.server.gcs_server.iam

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "server", "date"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _handle(self) -> tuple[int, dict[str, str], bytes]:
        if self._url.path == "/token":
            form = {key: found[0] for key, found in parse_qs(self._body.decode()).items()}
            return _json(self._iam.exchange_token(form))
        if self._gcs_server.failures:
            raise GoogleApiError(self._gcs_server.failures.pop(0), "made to fail", "backendError")
        caller = self._iam.authenticate(self.headers.get("Authorization"))
        if account := _ACCOUNT.fullmatch(self._url.path):
            email, key_id, keys, enable = account.groups()
            return _json(self._account(caller, email, key_id, keys=keys is not None, enable=enable))
        if upload := _UPLOAD.fullmatch(self._url.path):
            return self._upload(caller, upload.group(1))
        if bucket := _BUCKET.fullmatch(self._url.path):
            return self._bucket(caller, *bucket.groups())
        if download := _DOWNLOAD.fullmatch(self._url.path):
            self._iam.allow(caller, "storage.objects.get", *map(unquote, download.groups()))
            return self._forward()
        raise GoogleApiError(404, f"{self.path} is unknown")

    def _account(
        self, caller: str, email: str | None, key_id: str | None, *, keys: bool, enable: str | None
    ) -> dict[str, Any]:
        verb = {"POST": "create", "GET": "list" if keys else "get", "DELETE": "delete"}
        right = enable or verb[self.command]
        self._iam.allow(caller, f"iam.serviceAccount{'Key' if keys else ''}s.{right}")
        if email is None:
            return self._iam.create(json.loads(self._body))
        account = self._iam.account(unquote(email))
        if enable:
            account.disabled = False
            return {}
        if keys:
            return self._key(account, key_id)
        if self.command == "DELETE":
            self._iam.delete(account.email)
            return {}
        return account.description

    def _key(self, account: Any, key_id: str | None) -> dict[str, Any]:
        if self.command == "POST":
            uri = self._gcs_server.token_uri
            return self._iam.describe_key(account, self._iam.new_key(account, uri))
        if self.command == "DELETE":
            if account.keys.pop(key_id, None) is None:
                raise GoogleApiError(404, "Unknown key")
            return {}
        return {
            "keys": [{"name": f"{account.description['name']}/keys/{key}"} for key in account.keys]
        }

    def _bucket(
        self, caller: str, bucket: str | None, kind: str | None, name: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        self._iam.allow(caller, _permission(self.command, bucket, kind, name))
        if bucket is None and self.command == "POST":
            return self._create_bucket()
        if bucket is not None and bucket not in self._gcs_server.bucket_names():
            raise GoogleApiError(404, "The specified bucket does not exist.", "notFound")
        if kind == "iam" and bucket:
            if self.command == "GET":
                version = self._query.get("optionsRequestedPolicyVersion", "1")
                return _json(self._iam.policy(bucket, version))
            return _json(self._iam.set_policy(bucket, json.loads(self._body)))
        if self.command == "DELETE" and bucket and not kind:
            self._iam.policies.pop(bucket, None)
        if self.command == "PATCH" and bucket and not kind:
            return self._patch_bucket(bucket)
        return self._forward()

    def _patch_bucket(self, bucket: str) -> tuple[int, dict[str, str], bytes]:
        """The emulator knows no conditions, and replaces all labels where Google merges them."""
        with self._gcs_server.patching:
            actual = self._gcs_server.bucket(bucket)
            expected = self._query.get("ifMetagenerationMatch", actual["metageneration"])
            if expected != actual["metageneration"]:
                raise GoogleApiError(412, "The metageneration is another one.", "conditionNotMet")
            changes = json.loads(self._body)
            if "labels" in changes:
                changes["labels"] = {**actual.get("labels", {}), **changes["labels"]}
            kind = {"Content-Type": "application/json"}
            body = json.dumps(changes).encode()
            return self._gcs_server.forward("PATCH", self._url.path, body, kind)

    def _create_bucket(self) -> tuple[int, dict[str, str], bytes]:
        answer = self._forward()
        if answer[0] == 200:
            wanted = json.loads(self._body)
            path = f"/storage/v1/b/{wanted['name']}"
            kind = {"Content-Type": "application/json"}
            return self._gcs_server.forward("PATCH", path, self._body, kind)
        return answer

    def _upload(self, caller: str, bucket: str) -> tuple[int, dict[str, str], bytes]:
        bucket = unquote(bucket)
        storage = self._gcs_server.storage
        upload_id = self._query.get("upload_id")
        name = storage.resumable[upload_id]["name"] if upload_id else self._name_of_upload()
        if name in self._gcs_server.objects(bucket):
            self._iam.allow(caller, "storage.objects.delete", bucket, name)
        self._iam.allow(caller, "storage.objects.create", bucket, name)
        if bucket not in self._gcs_server.bucket_names():
            raise GoogleApiError(404, "The specified bucket does not exist.", "notFound")
        if self.command == "DELETE":
            del storage.resumable[upload_id]
            return 499, {}, b""
        return self._forward()

    def _name_of_upload(self) -> str:
        if "name" in self._query:
            return self._query["name"]
        start = self._body.index(b"{")
        metadata, _ = json.JSONDecoder().raw_decode(self._body[start:].decode(errors="replace"))
        return str(metadata["name"])

    def _forward(self) -> tuple[int, dict[str, str], bytes]:
        headers = {key: value for key, value in self.headers.items() if key != "Connection"}
        return self._gcs_server.forward(self.command, self.path, self._body, headers)


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    gcs_server: GcsServer


@contextmanager
def gcs_server(project: str = PROJECT) -> Iterator[GcsServer]:
    """Run emulator and proxy on free ports until the end of the block."""
    storage: Any = Storage(use_memory_fs=True)
    with _serving(HTTPServer(("127.0.0.1", 0), partial(RequestHandler, storage))) as emulator:
        http_server = _HttpServer(("127.0.0.1", 0), _Proxy)
        url = f"http://127.0.0.1:{http_server.server_port}"
        http_server.gcs_server = GcsServer(url, FakeIam(project), storage, emulator.server_port)
        with _serving(http_server):
            yield http_server.gcs_server


@contextmanager
def _serving(http_server: HTTPServer) -> Iterator[HTTPServer]:
    thread = threading.Thread(target=http_server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield http_server
    finally:
        http_server.shutdown()
        http_server.server_close()
        thread.join(timeout=10)


def _json(answer: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()


def _permission(method: str, bucket: str | None, kind: str | None, name: str | None) -> str:
    if kind == "iam":
        return f"storage.buckets.{'get' if method == 'GET' else 'set'}IamPolicy"
    if kind == "o":
        verbs = {"GET": "get" if name else "list", "DELETE": "delete"}
        return f"storage.objects.{verbs.get(method, 'update')}"
    verbs = {"GET": "get" if bucket else "list", "DELETE": "delete", "POST": "create"}
    return f"storage.buckets.{verbs.get(method, 'update')}"
