"""The files in the bucket and in the folder, as their administrators read them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.demo.commands import DemoError
from tools.demo.sandbox import Sandbox
from tools.demo.transcript import Transcript
from tools.webm_reader import read_title


@dataclass(frozen=True)
class UploadedFile:
    """A file of a layer.

    Attributes:
        location: Which storage it is in, as a URL.
        name: Its name there.
        data: What is in it.
    """

    location: str
    name: str
    data: bytes

    @property
    def layer(self) -> str:
        """The layer that is written into the file; raises DemoError if it is not WebM."""
        try:
            return read_title(self.data).rpartition("/")[2]
        except (ValueError, IndexError, KeyError):
            raise DemoError(f"{self.location}{self.name} is not a WebM file") from None


def list_files(sandbox: Sandbox) -> list[UploadedFile]:
    """Return every file in the bucket and in the folder."""
    return [*_list_bucket(sandbox), *_list_folder(sandbox)]


def show_files(files: list[UploadedFile], transcript: Transcript) -> None:
    """List the files."""
    transcript.print_headline("Files in the bucket and in the folder")
    for file in files:
        kind = f"WebM, {len(file.data)} bytes, layer {file.layer}"
        transcript.print_output(f"{kind:<38}  {file.location}{file.name}")


def check_files(files: list[UploadedFile], sandbox: Sandbox) -> None:
    """Raise DemoError unless each layer's file is in its storage, and the writer is deleted."""
    found = sorted((file.location.partition(":")[0], file.layer) for file in files)
    if found != [("aws", "default"), ("sftp", "default-video")]:
        raise DemoError(f"the files are not in the expected storage: {found}")
    users = [user["UserName"] for user in sandbox.s3.client("iam").list_users()["Users"]]
    if users != ["administrator"]:
        raise DemoError(f"a writer was not deleted: {users}")


def _list_bucket(sandbox: Sandbox) -> Iterator[UploadedFile]:
    s3 = sandbox.s3.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        for found in s3.list_objects_v2(Bucket=name).get("Contents", []):
            data = s3.get_object(Bucket=name, Key=found["Key"])["Body"].read()
            yield UploadedFile(f"aws://{name}/", found["Key"], data)


def _list_folder(sandbox: Sandbox) -> Iterator[UploadedFile]:
    root = sandbox.sftp.root
    for file in sorted(root.rglob("*")):
        if file.is_file():
            name = str(file.relative_to(root))
            yield UploadedFile("sftp://demo@127.0.0.1/", name, file.read_bytes())
