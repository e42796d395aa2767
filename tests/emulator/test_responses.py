"""Answers follow the reference key for key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from realtimekit_emulator import Control

    from .conftest import Api

KEYS = {
    "id", "audio_download_url", "download_url", "download_url_expiry", "file_size",
    "invoked_time", "output_file_name", "session_id", "started_time", "status", "stopped_time",
    "recording_duration",
}  # fmt: skip
FULL_KEYS = KEYS | {"start_reason", "stop_reason", "storage_config"}
STORAGE_KEYS = {
    "type", "auth_method", "bucket", "host", "password", "path", "port", "private_key", "region",
    "secret", "username",
}  # fmt: skip
SFTP = {
    "type": "sftp", "host": "h", "port": 22, "username": "u", "path": "/in", "auth_method": "KEY",
    "private_key": "canary-key", "password": "canary-passphrase",
}  # fmt: skip
AWS = {"type": "aws", "access_key": "canary-a", "secret": "canary-s", "bucket": "b", "region": "r"}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def finished(api: Api, control: Control, **options: Any) -> dict[str, Any]:
    """Return what the API shows of a recording that is over."""
    recording_id = api.started(control.create_meeting(participants=1).id, **options)
    control.wait_for(recording_id, "RECORDING")
    api.act(recording_id, "stop")
    control.wait_for(recording_id, "UPLOADED")
    return api.shown(recording_id)


def to_storage(storage: dict[str, Any]) -> list[dict[str, Any]]:
    """Return outputs to one storage."""
    return [{"type": "STORAGE_CONFIG", "storage_config": storage}]


def test_a_start_answers_the_recording_at_the_top(api: Api, control: Control) -> None:
    """By default data is the recording, with null for what has not happened."""
    data = api.start(control.create_meeting(participants=1).id).json()["data"]
    assert set(data) == FULL_KEYS
    assert data["status"] == "INVOKED"
    for later in ("started_time", "stopped_time", "download_url", "stop_reason"):
        assert data[later] is None


def test_a_start_may_answer_the_recording_nested(api: Api, control: Control) -> None:
    """In the published shape the recording is in data.recording."""
    control.set(start_answer="nested")
    data = api.start(control.create_meeting(participants=1).id).json()["data"]
    assert set(data) == {"recording"}
    assert set(data["recording"]) == KEYS


def test_a_start_may_answer_no_id_at_all(api: Api, control: Control) -> None:
    """The recording exists, though the answer does not name it."""
    control.set(start_answer="none", start_status=201)
    meeting = control.create_meeting(participants=1)
    response = api.start(meeting.id)
    assert (response.status_code, response.json()) == (201, {"success": True, "data": {}})
    listed = api.get("recordings", params={"meeting_id": meeting.id}).json()["data"]
    assert [one["id"] for one in listed] == [control.recordings()[0].id]


def test_a_recording_has_the_keys_of_the_reference(api: Api, control: Control) -> None:
    """Reading and acting answer all of them, no more and no less."""
    recording_id = api.started(control.create_meeting(participants=1).id)
    assert set(api.shown(recording_id)) == FULL_KEYS
    stopped = api.act(recording_id, "stop").json()["data"]
    assert set(stopped) == FULL_KEYS
    assert set(stopped["stop_reason"]["caller"]) == {"name", "type", "user_Id"}
    assert stopped["stop_reason"]["caller"]["type"] == "ORGANIZATION"


def test_timestamps_are_utc_with_milliseconds(api: Api, control: Control) -> None:
    """As the reference writes them."""
    shown = finished(api, control)
    for key in ("invoked_time", "started_time", "stopped_time", "download_url_expiry"):
        assert STAMP.fullmatch(shown[key]), key


def test_list_entries_have_an_empty_type_and_their_meeting(api: Api, control: Control) -> None:
    """In lists type is an empty string, and the meeting can be left out."""
    meeting = control.create_meeting(participants=1, title="standup")
    api.started(meeting.id)
    entry = api.get("recordings").json()["data"][0]
    assert set(entry) == KEYS | {"type", "storage_config", "meeting"}
    assert entry["type"] == ""
    assert (entry["meeting"]["id"], entry["meeting"]["title"]) == (meeting.id, "standup")
    control.set(list_meeting=False)
    assert "meeting" not in api.get("recordings").json()["data"][0]


def test_the_file_name_has_the_layers_prefix(api: Api, control: Control) -> None:
    """The prefix begins the name, and .webm ends it; without one the meeting's id begins it."""
    meeting = control.create_meeting(participants=1)
    layer = {"file_name_prefix": "standup", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    data = api.start(meeting.id, layers={"default": layer}).json()["data"]
    assert data["output_file_name"].startswith("standup_")
    assert data["output_file_name"].endswith(".webm")
    api.act(data["id"], "stop")
    assert api.start(meeting.id).json()["data"]["output_file_name"].startswith(meeting.id)


def test_a_finished_track_recording_has_a_link_a_layer(api: Api, control: Control) -> None:
    """download_url is an array of signed links, and the links lead to WebM files."""
    bucket = {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    shown = finished(api, control, layers={"default": bucket, "default-video": bucket})
    links = {
        one["layer_name"]: one["download_urls"]["file"]["download_url"]
        for one in shown["download_url"]
    }
    assert set(links) == {"default", "default-video"}
    assert "X-Amz-Signature=" in links["default"]
    answers = [requests.get(link, timeout=5) for link in links.values()]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content.startswith(b"\x1a\x45\xdf\xa3")
    assert answers[0].content != answers[1].content
    assert shown["file_size"] == 0


def test_links_expire_and_need_their_signature(api: Api, frozen: Control) -> None:
    """After seven days, or without the signature, a link opens nothing."""
    recording_id = api.started(frozen.create_meeting(participants=1).id)
    api.act(recording_id, "stop")
    frozen.advance(1)
    control_url = api.shown(recording_id)["download_url"][0]["download_urls"]["file"]
    link = control_url["download_url"]
    assert requests.get(link.split("?")[0], timeout=5).status_code == 403
    frozen.advance(7 * 24 * 3600 - 2)
    assert requests.get(link, timeout=5).status_code == 200
    frozen.advance(2)
    assert requests.get(link, timeout=5).status_code == 403


def test_download_url_may_be_one_string(api: Api, control: Control) -> None:
    """As the reference types it."""
    control.set(track_download_url="string")
    assert finished(api, control)["download_url"].startswith("http://127.0.0.1:")


def test_a_layer_that_only_goes_elsewhere_has_no_link(api: Api, control: Control) -> None:
    """What the API's own bucket does not get cannot be downloaded from it."""
    assert finished(api, control, outputs=to_storage(AWS))["download_url"] is None


def test_storage_config_comes_back_with_secrets_but_no_access_key(
    api: Api, control: Control
) -> None:
    """The response schema lists secret, password and private_key, and not access_key."""
    shown = finished(api, control, outputs=to_storage(SFTP))["storage_config"]
    assert set(shown) == STORAGE_KEYS
    assert (shown["private_key"], shown["password"]) == ("canary-key", "canary-passphrase")
    assert shown["bucket"] is None
    assert "canary-a" not in str(finished(api, control, outputs=to_storage(AWS)))


def test_secrets_can_be_kept_from_answers(api: Api, control: Control) -> None:
    """Without the echo the three keys are not there at all."""
    control.set(echo_secrets=False)
    shown = finished(api, control, outputs=to_storage(AWS))["storage_config"]
    assert set(shown) == STORAGE_KEYS - {"secret", "password", "private_key"}
    assert (shown["type"], shown["bucket"], shown["region"]) == ("aws", "b", "r")


@pytest.mark.parametrize(("mode", "bucket"), [("ignore", None), ("own_bucket", "realtimekit")])
def test_storage_config_may_be_ignored(
    api: Api, control: Control, mode: str, bucket: str | None
) -> None:
    """Then the files go to the API's own bucket, and the answer says so or says nothing."""
    control.set(storage_config=mode)
    shown = finished(api, control, outputs=to_storage(AWS))
    if bucket is None:
        assert shown["storage_config"] is None
    else:
        assert shown["storage_config"]["bucket"].startswith(bucket)
    assert shown["download_url"] is not None
    details = [event.detail for event in control.events(shown["id"])]
    assert "layer default to REALTIMEKIT_BUCKET" in details


def test_every_answer_names_its_request(api: Api) -> None:
    """Success and failure carry a cf-ray of their own and a Date."""
    answers = [api.get("recordings"), api.get("recordings/unknown"), api.get("nothing")]
    rays = {answer.headers["cf-ray"] for answer in answers}
    assert len(rays) == 3
    assert all(answer.headers["Date"].endswith("GMT") for answer in answers)


def test_errors_come_in_the_envelope_of_whoever_decides(api: Api, control: Control) -> None:
    """Routes and tokens are the gateway's affair, recordings are RealtimeKit's."""
    assert api.get("nothing").json()["errors"][0]["code"] == 7003
    assert api.get("recordings/unknown").json()["error"]["code"] == 404
    control.set(error_envelope="realtimekit")
    assert "error" in api.get("nothing").json()
    control.set(error_envelope="cloudflare")
    assert api.get("recordings/unknown").json()["result"] is None


def test_a_body_that_is_not_json_is_malformed(api: Api) -> None:
    """Broken JSON is a 400, JSON that is no object a 422."""
    assert api.call("POST", "recordings/track", data=b"{").status_code == 400
    response = api.call("POST", "recordings/track", data=b"[]")
    assert (response.status_code, response.json()["error"]["message"]) == (
        422,
        '"value" must be of type object',
    )
