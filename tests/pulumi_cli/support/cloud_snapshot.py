"""What a deployment made in every cloud, and how it is made again in other test servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from azure.storage.blob import AccessPolicy

from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.support.aws_snapshot import Call, read_calls, repeat_calls
from tools.test_servers.azurite import Azurite, azurite_server
from tools.test_servers.gcs_server import GcsServer, gcs_server
from tools.test_servers.google_iam import Account
from tools.test_servers.moto_server import running_moto
from tools.test_servers.sftp_server import sftp_server

__all__ = ["CloudSnapshot", "running_clouds"]

_AZURE_KEY = "azure_key"


@dataclass(frozen=True)
class CloudSnapshot:
    """The content of all clouds.

    Attributes:
        servers: How a state names the servers: their addresses and keys.
        aws: The calls that make the buckets, of Spaces too, and the users.
        gcs: ``buckets`` with their settings, their ``policies``, and the ``accounts``.
        azure: The metadata and the stored access ``policies`` of each container.
        folders: The folders on the SFTP server.
    """

    servers: dict[str, str]
    aws: list[Call]
    gcs: dict[str, Any]
    azure: dict[str, Any]
    folders: list[str]

    @classmethod
    def read(cls, clouds: Clouds) -> CloudSnapshot:
        """Read what is there."""
        assert clouds.azurite is not None
        root = clouds.sftp_server.root
        return cls(
            _name_servers(clouds),
            read_calls(clouds.moto),
            _read_gcs(clouds.gcs_server),
            _read_azure(clouds.azurite),
            [str(one.relative_to(root)) for one in root.rglob("*") if one.is_dir()],
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> CloudSnapshot:
        """Return what :meth:`to_document` returned."""
        calls = [Call(**call) for call in document["aws"]]
        return cls(**{**document, "aws": calls})

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON has it; the keys are the attributes."""
        return asdict(self)

    @property
    def azure_key(self) -> str:
        """The key of the storage account, by which signatures in the state are made."""
        return self.servers[_AZURE_KEY]

    def restore(self, clouds: Clouds) -> dict[str, str]:
        """Make everything again, and return what is called otherwise now, by its old name.

        The only key of AWS is made anew: a secret cannot be chosen.
        """
        assert clouds.azurite is not None
        _restore_gcs(clouds.gcs_server, self.gcs)
        _restore_azure(clouds.azurite, self.azure)
        for folder in self.folders:
            (clouds.sftp_server.root / folder).mkdir(parents=True, exist_ok=True)
        ((key, secret),) = repeat_calls(clouds.moto, self.aws)
        new = {**_name_servers(clouds), "aws_access_key": key, "aws_secret": secret}
        return {old: new[name] for name, old in self.servers.items()}


@contextmanager
def running_clouds(folder: Path, azure_key: str | None = None) -> Iterator[Clouds]:
    """Run a test server for every cloud.

    Args:
        folder: Where the SFTP server's files are.
        azure_key: The key of Azurite's account; a new one where left out.
    """
    folder.mkdir(exist_ok=True)
    with (
        running_moto() as moto,
        gcs_server() as gcs,
        sftp_server(folder) as sftp,
        azurite_server(azure_key) as azurite,
    ):
        yield Clouds(moto, gcs, sftp, azurite, None)


def _name_servers(clouds: Clouds) -> dict[str, str]:
    assert clouds.azurite is not None
    return {
        "azure_address": f"127.0.0.1:{clouds.azurite.port}",
        _AZURE_KEY: clouds.azurite.keys[clouds.azurite.account],
        "gcs_url": clouds.gcs_server.url,
        "sftp_host_key": clouds.sftp_server.host_key,
        "sftp_port": str(clouds.sftp_server.port),
        "spaces_access_key": clouds.moto.admin_key,
        "spaces_secret": clouds.moto.admin_secret,
    }


def _read_gcs(server: GcsServer) -> dict[str, Any]:
    accounts = [asdict(one) for one in server.iam.accounts.values() if one is not server.iam.admin]
    buckets = {name: server.bucket(name) for name in server.bucket_names()}
    return {"buckets": buckets, "policies": server.iam.policies, "accounts": accounts}


def _restore_gcs(server: GcsServer, content: Mapping[str, Any]) -> None:
    for name, settings in content["buckets"].items():
        server.create_bucket(name)
        server.bucket(name).update(settings)
    server.iam.policies.update(content["policies"])
    for account in content["accounts"]:
        server.iam.accounts[account["email"]] = Account(**account)


def _read_azure(server: Azurite) -> dict[str, Any]:
    with server.client() as client:
        names = [one["name"] for one in client.list_containers()]
        containers = {name: client.get_container_client(name) for name in names}
        return {
            name: {
                "metadata": one.get_container_properties().metadata,
                "policies": {
                    policy.id: {
                        "permission": policy.access_policy.permission,
                        "expiry": policy.access_policy.expiry,
                    }
                    for policy in one.get_container_access_policy()["signed_identifiers"]
                },
            }
            for name, one in containers.items()
        }


def _restore_azure(server: Azurite, content: Mapping[str, Any]) -> None:
    with server.client() as client:
        for name, found in content.items():
            container = client.create_container(name, metadata=found["metadata"])
            policies = {
                id_: AccessPolicy(
                    permission=policy["permission"],
                    expiry=datetime.fromisoformat(policy["expiry"].replace("Z", "+00:00")),
                )
                for id_, policy in found["policies"].items()
            }
            container.set_container_access_policy(signed_identifiers=policies)
