"""Pushing to the Hub: one commit of a whole repository, private by default, which continues after an interruption.

The server is asked which files it has already, and these are not sent again. The token is taken from where the Hub's
own tools keep it (`HF_TOKEN`, or `hf auth login`), the server from `HF_ENDPOINT`.
"""

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined] # exported lazily

from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import files_in

_LOGIN = "set HF_TOKEN, or log in with: hf auth login"


@dataclass(frozen=True)
class Push:
    """What to push to.

    Attributes:
        repository: `ORG/NAME`.
        public: make the repository public; otherwise an old one stays as it is, and a new one is private.
        revision: the branch, which is made if it does not exist.
        tag: a tag for the commit.
    """

    repository: str
    public: bool = False
    revision: str = "main"
    tag: str | None = None


@dataclass(frozen=True)
class Pushed:
    """What was pushed: the address and the id of the commit, and whether the repository is private."""

    url: str
    commit: str
    private: bool


def require_repository_name(repository: str) -> None:
    """Makes sure that the Hub accepts a name.

    Raises:
        InputError: it does not.
    """
    try:
        validate_repo_id(repository)
    except HFValidationError:
        raise InputError(f"'{repository}' is no name of a repository", mend="such as my-org/my-dataset") from None
    if "/" not in repository:
        raise InputError(f"'{repository}' names no owner", mend=f"such as my-org/{repository}")


def push(folder: Path, target: Push, *, message: str) -> Pushed:
    """Uploads a published folder in one commit, which also removes Parquet files that the folder no longer has.

    Raises:
        InputError: there is no token, or it may not write to the repository.
        WorkError: the server cannot be reached or failed; the same call continues.
    """
    api = HfApi()
    try:
        return _push(api, folder, target, message)
    except LocalTokenNotFoundError:
        raise InputError("no token for the Hub", mend=_LOGIN) from None
    except HfHubHTTPError as fault:
        status = fault.response.status_code if fault.response is not None else None
        if status in (401, 403):
            raise InputError(f"the Hub does not let this token write to {target.repository}", mend=_LOGIN) from fault
        raise _interrupted(target, f"the Hub said {status}") from fault
    except (OSError, RuntimeError) as fault:
        raise _interrupted(target, str(fault) or type(fault).__name__) from fault
    except Exception as fault:
        if not type(fault).__module__.startswith("httpx"):  # the library that huggingface_hub uses at present
            raise
        raise _interrupted(target, f"the Hub was not reached ({type(fault).__name__})") from fault


def _push(api: HfApi, folder: Path, target: Push, message: str) -> Pushed:
    repo = target.repository
    api.create_repo(repo, repo_type="dataset", private=not target.public, exist_ok=True)
    if target.public and api.repo_info(repo, repo_type="dataset").private:
        api.update_repo_settings(repo, repo_type="dataset", private=False)
    if target.revision != "main":
        api.create_branch(repo, repo_type="dataset", branch=target.revision, exist_ok=True)
    names = [name for name, _ in files_in(folder)]
    additions = [CommitOperationAdd(path_in_repo=name, path_or_fileobj=folder / name) for name in names]
    api.preupload_lfs_files(repo, repo_type="dataset", additions=additions, revision=target.revision)
    remote_names = api.list_repo_files(repo, repo_type="dataset", revision=target.revision)
    outdated = {name for name in remote_names if name.endswith(".parquet")}.difference(names)
    deletions = [CommitOperationDelete(path_in_repo=name) for name in sorted(outdated)]
    commit = api.create_commit(
        repo,
        repo_type="dataset",
        operations=[*additions, *deletions],
        commit_message=message,
        revision=target.revision,
    )
    if target.tag:
        api.create_tag(repo, repo_type="dataset", tag=target.tag, revision=commit.oid, exist_ok=True)
    private = bool(api.repo_info(repo, repo_type="dataset").private)
    return Pushed(commit.commit_url, commit.oid, private)


def _interrupted(target: Push, reason: str) -> WorkError:
    return WorkError(f"{target.repository} is not complete: {reason}", mend="the same command goes on")
