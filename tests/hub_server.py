"""A small server that speaks the Hub's protocol for datasets: create, pre-upload, LFS, commit, tree and resolve.

A stand-in, since the Hub itself cannot be reached; the client that talks to it is the real one.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml
from aiohttp import web

from tests.threaded_server import ThreadedServer

TOKEN = "hf_thetestsown"
_LARGE = (".parquet", ".png")


@dataclass
class Repository:
    """One dataset: its files by branch, its tags, and the commits of each branch."""

    private: bool
    branches: dict[str, dict[str, bytes]] = field(default_factory=lambda: {"main": {}})
    commits: list[tuple[str, str, dict[str, bytes]]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def files(self, revision: str) -> dict[str, bytes]:
        commit = self.tags.get(revision, revision)
        for own, _, files in self.commits:
            if own == commit:
                return files
        if revision not in self.branches:
            raise web.HTTPNotFound(headers={"X-Error-Code": "RevisionNotFound"})
        return self.branches[revision]

    def head(self, revision: str) -> str:
        files = self.files(revision)
        return next((own for own, _, known in reversed(self.commits) if known is files), "0" * 40)


@dataclass
class HubServer(ThreadedServer):
    """Runs in a thread of its own. `on_upload` is called with the number of large files that have arrived, before
    one is kept: it may end the client."""

    on_upload: Callable[[int], None] = lambda arrived: None
    repositories: dict[str, Repository] = field(default_factory=dict)
    uploads: Counter = field(default_factory=Counter)
    stored: dict[str, bytes] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.address

    def add_routes(self, app: web.Application) -> None:
        api, name = "/api/datasets/{owner}/{name}", "/datasets/{owner}/{name}"
        app.add_routes(
            [
                web.post("/api/repos/create", self._create),
                web.post("/api/validate-yaml", self._validate_card),
                web.put(f"{api}/settings", self._settings),
                web.get(api, self._info),
                web.get(f"{api}/revision/{{revision}}", self._info),
                web.post(f"{api}/preupload/{{revision}}", self._preupload),
                web.post(f"{name}.git/info/lfs/objects/batch", self._lfs_batch),
                web.put("/lfs/{oid}", self._lfs_upload),
                web.post(f"{api}/commit/{{revision}}", self._commit),
                web.post(f"{api}/branch/{{branch}}", self._branch),
                web.post(f"{api}/tag/{{revision}}", self._tag),
                web.get(f"{api}/tree/{{revision}}{{folder:(/.*)?}}", self._tree),
                web.post(f"{api}/paths-info/{{revision}}", self._paths_info),
                web.get(f"{name}/resolve/{{revision}}/{{path:.+}}", self._resolve),
            ]
        )

    def _found(self, request: web.Request) -> Repository:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise web.HTTPUnauthorized(headers={"X-Error-Code": "RepoNotFound"})
        try:
            return self.repositories[f"{request.match_info['owner']}/{request.match_info['name']}"]
        except KeyError:
            raise web.HTTPNotFound(headers={"X-Error-Code": "RepoNotFound"}) from None

    async def _create(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise web.HTTPUnauthorized
        asked = await request.json()
        name = f"{asked['organization']}/{asked['name']}"
        url = {"url": f"{self.url}/datasets/{name}", "name": name, "id": name}
        if name in self.repositories:
            return web.json_response(url | {"error": "You already created this dataset repo"}, status=409)
        self.repositories[name] = Repository(private=asked["visibility"] == "private")
        return web.json_response(url)

    async def _validate_card(self, request: web.Request) -> web.Response:
        front_matter = (await request.json())["content"].split("---\n")[1]
        fields = yaml.safe_load(front_matter)
        errors = [] if {"license", "configs", "dataset_info"} <= fields.keys() else [{"message": "a field is missing"}]
        return web.json_response({"errors": errors, "warnings": []}, status=400 if errors else 200)

    async def _settings(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self._found(request).private = asked["visibility"] == "private"
        return web.json_response({})

    async def _info(self, request: web.Request) -> web.Response:
        repository = self._found(request)
        revision = request.match_info.get("revision", "main")
        files = repository.files(revision)
        return web.json_response(
            {
                "id": f"{request.match_info['owner']}/{request.match_info['name']}",
                "private": repository.private,
                "sha": repository.head(revision),
                "siblings": [{"rfilename": path} for path in files],
                "tags": [],
                "downloads": 0,
                "likes": 0,
            }
        )

    async def _preupload(self, request: web.Request) -> web.Response:
        files = self._found(request).files(request.match_info["revision"])
        asked = (await request.json())["files"]
        return web.json_response({"files": [self._mode(each["path"], files) for each in asked]})

    def _mode(self, path: str, files: dict[str, bytes]) -> dict:
        large = path.endswith(_LARGE)
        known = {"oid": _entry(path, files[path])["lfs" if large else "oid"]} if path in files else {}
        if large and known:
            known = {"oid": known["oid"]["oid"]}
        return {"path": path, "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, **known}

    async def _lfs_batch(self, request: web.Request) -> web.Response:
        self._found(request)
        objects = []
        for each in (await request.json())["objects"]:
            answer = {"oid": each["oid"], "size": each["size"]}
            if each["oid"] not in self.stored:
                answer["actions"] = {"upload": {"href": f"{self.url}/lfs/{each['oid']}", "header": {}}}
            objects.append(answer)
        return web.json_response({"transfer": "basic", "objects": objects}, content_type="application/vnd.git-lfs+json")

    async def _lfs_upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        oid = request.match_info["oid"]
        self.uploads[oid] += 1
        self.on_upload(self.uploads.total())
        assert hashlib.sha256(content).hexdigest() == oid
        self.stored[oid] = content
        return web.Response()

    async def _commit(self, request: web.Request) -> web.Response:
        repository, branch = self._found(request), request.match_info["revision"]
        files = dict(repository.files(branch))
        message = ""
        for line in (await request.text()).splitlines():
            entry = json.loads(line)
            value = entry["value"]
            if entry["key"] == "header":
                message = value["summary"]
            elif entry["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif entry["key"] == "lfsFile":
                files[value["path"]] = self.stored[value["oid"]]
            elif entry["key"] == "deletedFile":
                del files[value["path"]]
        oid = hashlib.sha1(f"{len(repository.commits)}".encode()).hexdigest()
        repository.commits.append((oid, message, files))
        repository.branches[branch] = files
        url = f"{self.url}/datasets/{request.match_info['owner']}/{request.match_info['name']}/commit/{oid}"
        return web.json_response({"success": True, "commitOid": oid, "commitUrl": url})

    async def _branch(self, request: web.Request) -> web.Response:
        repository, branch = self._found(request), request.match_info["branch"]
        if branch in repository.branches:
            raise web.HTTPConflict
        repository.branches[branch] = repository.branches["main"]
        return web.json_response({})

    async def _tag(self, request: web.Request) -> web.Response:
        tag = (await request.json())["tag"]
        self._found(request).tags[tag] = request.match_info["revision"]
        return web.json_response({})

    async def _tree(self, request: web.Request) -> web.Response:
        files = self._found(request).files(request.match_info["revision"])
        folder = request.match_info["folder"].strip("/")
        inside = {path: content for path, content in files.items() if not folder or path.startswith(f"{folder}/")}
        if folder and not inside:
            raise web.HTTPNotFound(headers={"X-Error-Code": "EntryNotFound"})
        if request.query.get("recursive", "").lower() == "true":
            return web.json_response([_entry(path, content) for path, content in inside.items()])
        entries = {}
        for path, content in inside.items():
            first, _, rest = path.removeprefix(f"{folder}/" if folder else "").partition("/")
            name = f"{folder}/{first}" if folder else first
            entries[name] = (
                {"type": "directory", "path": name, "oid": "0" * 40, "size": 0} if rest else _entry(path, content)
            )
        return web.json_response(list(entries.values()))

    async def _paths_info(self, request: web.Request) -> web.Response:
        files = self._found(request).files(request.match_info["revision"])
        asked = (await request.post()).getall("paths")
        entries = [_entry(path, files[path]) for path in asked if path in files]
        folders = [path for path in asked if any(name.startswith(f"{path}/") for name in files)]
        entries += [{"type": "directory", "path": path, "oid": "0" * 40, "size": 0} for path in folders]
        return web.json_response(entries)

    async def _resolve(self, request: web.Request) -> web.Response:
        repository, revision = self._found(request), request.match_info["revision"]
        files, path = repository.files(revision), request.match_info["path"]
        if path not in files:
            raise web.HTTPNotFound(headers={"X-Error-Code": "EntryNotFound"})
        entry = _entry(path, files[path])
        etag = entry["lfs"]["oid"] if "lfs" in entry else entry["oid"]
        headers = {"X-Repo-Commit": repository.head(revision), "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        span = request.http_range
        content = files[path][span]
        partial = span.start is not None or span.stop is not None
        if partial:
            begin = span.start or 0
            headers["Content-Range"] = f"bytes {begin}-{begin + len(content) - 1}/{len(files[path])}"
        return web.Response(body=content, headers=headers, status=206 if partial else 200)


def _entry(path: str, content: bytes) -> dict:
    blob = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
    entry = {"type": "file", "path": path, "size": len(content), "oid": blob}
    if path.endswith(_LARGE):
        entry["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return entry
