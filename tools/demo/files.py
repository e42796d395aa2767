"""What landed where in the demo, read by the administrators of bucket and folder."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.demo.commands import DemoError
from tools.demo.sandbox import Stage
from tools.demo.transcript import Transcript
from tools.webm_reader import title


@dataclass(frozen=True)
class Landed:
    """A file of a layer.

    Attributes:
        place: Which storage it is in, as a URL.
        name: Its name there.
        data: What is in it.
    """

    place: str
    name: str
    data: bytes

    @property
    def layer(self) -> str:
        """The layer that is written into the file; raises DemoError if it is no WebM."""
        try:
            return title(self.data).rpartition("/")[2]
        except (ValueError, IndexError, KeyError):
            raise DemoError(f"{self.place}{self.name} is no WebM file") from None


def landed(stage: Stage) -> list[Landed]:
    """Return every file in the bucket and in the folder."""
    return [*_in_bucket(stage), *_in_folder(stage)]


def show(files: list[Landed], transcript: Transcript) -> None:
    """List the files."""
    transcript.headline("What landed where")
    for file in files:
        kind = f"WebM, {len(file.data)} bytes, layer {file.layer}"
        transcript.output(f"{kind:<38}  {file.place}{file.name}")


def check(files: list[Landed], stage: Stage) -> None:
    """Raise DemoError unless each layer's file is where it belongs, and the writer's key gone."""
    found = sorted((file.place.partition(":")[0], file.layer) for file in files)
    if found != [("s3", "default"), ("sftp", "default-video")]:
        raise DemoError(f"the files did not land where they were told to: {found}")
    users = [user["UserName"] for user in stage.s3.client("iam").list_users()["Users"]]
    if users != ["administrator"]:
        raise DemoError(f"writers are left over: {users}")


def _in_bucket(stage: Stage) -> Iterator[Landed]:
    s3 = stage.s3.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        for found in s3.list_objects_v2(Bucket=name).get("Contents", []):
            data = s3.get_object(Bucket=name, Key=found["Key"])["Body"].read()
            yield Landed(f"s3://{name}/", found["Key"], data)


def _in_folder(stage: Stage) -> Iterator[Landed]:
    root = stage.sftp.root
    for file in sorted(root.rglob("*")):
        if file.is_file():
            name = str(file.relative_to(root))
            yield Landed("sftp://demo@127.0.0.1/", name, file.read_bytes())
