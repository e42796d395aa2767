"""Responses have the keys of the reference."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient

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


def finish_recording(api: ApiClient, control: Control, **options: Any) -> dict[str, Any]:
    """Return what the API shows of an uploaded recording."""
    recording_id = api.start_recording(control.create_meeting(participants=1).id, **options)
    control.wait_for(recording_id, "RECORDING")
    api.send_action(recording_id, "stop")
    control.wait_for(recording_id, "UPLOADED")
    return api.get_recording(recording_id)


def output_to_storage(storage: dict[str, Any]) -> list[dict[str, Any]]:
    """Return outputs with one storage_config."""
    return [{"type": "STORAGE_CONFIG", "storage_config": storage}]


def test_the_response_to_a_start_is_the_recording(api: ApiClient, control: Control) -> None:
    """By default data is the recording, with null for what has not happened."""
    data = api.send_start(control.create_meeting(participants=1).id).json()["data"]
    assert set(data) == FULL_KEYS
    assert data["status"] == "INVOKED"
    for name in ("started_time", "stopped_time", "download_url", "stop_reason"):
        assert data[name] is None


def test_the_response_to_a_start_may_contain_the_recording(
    api: ApiClient, control: Control
) -> None:
    """In the published shape the recording is in data.recording."""
    control.set(start_answer="nested")
    data = api.send_start(control.create_meeting(participants=1).id).json()["data"]
    assert set(data) == {"recording"}
    assert set(data["recording"]) == KEYS


def test_the_response_to_a_start_may_have_no_id(api: ApiClient, control: Control) -> None:
    """The recording exists, though the response does not name it."""
    control.set(start_answer="none", start_status=201)
    meeting = control.create_meeting(participants=1)
    response = api.send_start(meeting.id)
    assert (response.status_code, response.json()) == (201, {"success": True, "data": {}})
    entries = api.get("recordings", params={"meeting_id": meeting.id}).json()["data"]
    assert [entry["id"] for entry in entries] == [control.recordings()[0].id]


def test_a_recording_has_the_keys_of_the_reference(api: ApiClient, control: Control) -> None:
    """Responses to reading and acting have all of them, and no others."""
    recording_id = api.start_recording(control.create_meeting(participants=1).id)
    assert set(api.get_recording(recording_id)) == FULL_KEYS
    stopped = api.send_action(recording_id, "stop").json()["data"]
    assert set(stopped) == FULL_KEYS
    assert set(stopped["stop_reason"]["caller"]) == {"name", "type", "user_Id"}
    assert stopped["stop_reason"]["caller"]["type"] == "ORGANIZATION"


def test_timestamps_are_utc_with_milliseconds(api: ApiClient, control: Control) -> None:
    """As the reference writes them."""
    recording = finish_recording(api, control)
    for key in ("invoked_time", "started_time", "stopped_time", "download_url_expiry"):
        assert STAMP.fullmatch(recording[key]), key


def test_list_entries_have_an_empty_type_and_their_meeting(
    api: ApiClient, control: Control
) -> None:
    """In lists type is an empty string, and the meeting can be left out."""
    meeting = control.create_meeting(participants=1, title="standup")
    api.start_recording(meeting.id)
    entry = api.get("recordings").json()["data"][0]
    assert set(entry) == KEYS | {"type", "storage_config", "meeting"}
    assert entry["type"] == ""
    assert (entry["meeting"]["id"], entry["meeting"]["title"]) == (meeting.id, "standup")
    control.set(list_meeting=False)
    assert "meeting" not in api.get("recordings").json()["data"][0]


def test_the_file_name_has_the_layers_prefix(api: ApiClient, control: Control) -> None:
    """The prefix begins the name, and .webm ends it; without one the meeting's id begins it."""
    meeting = control.create_meeting(participants=1)
    layer = {"file_name_prefix": "standup", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    data = api.send_start(meeting.id, layers={"default": layer}).json()["data"]
    assert data["output_file_name"].startswith("standup_")
    assert data["output_file_name"].endswith(".webm")
    api.send_action(data["id"], "stop")
    assert api.send_start(meeting.id).json()["data"]["output_file_name"].startswith(meeting.id)


def test_an_uploaded_track_recording_has_a_link_for_each_layer(
    api: ApiClient, control: Control
) -> None:
    """download_url is an array of signed links, and the links lead to WebM files."""
    bucket = {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    recording = finish_recording(api, control, layers={"default": bucket, "default-video": bucket})
    links = {
        one["layer_name"]: one["download_urls"]["file"]["download_url"]
        for one in recording["download_url"]
    }
    assert set(links) == {"default", "default-video"}
    assert "X-Amz-Signature=" in links["default"]
    responses = [requests.get(link, timeout=5) for link in links.values()]
    assert [one.status_code for one in responses] == [200, 200]
    assert responses[0].content.startswith(b"\x1a\x45\xdf\xa3")
    assert responses[0].content != responses[1].content
    assert recording["file_size"] == 0


def test_links_expire_and_need_their_signature(api: ApiClient, frozen: Control) -> None:
    """After seven days, or without the signature, a link is forbidden."""
    recording_id = api.start_recording(frozen.create_meeting(participants=1).id)
    api.send_action(recording_id, "stop")
    frozen.advance(1)
    control_url = api.get_recording(recording_id)["download_url"][0]["download_urls"]["file"]
    link = control_url["download_url"]
    assert requests.get(link.split("?")[0], timeout=5).status_code == 403
    frozen.advance(7 * 24 * 3600 - 2)
    assert requests.get(link, timeout=5).status_code == 200
    frozen.advance(2)
    assert requests.get(link, timeout=5).status_code == 403


def test_download_url_may_be_one_string(api: ApiClient, control: Control) -> None:
    """As the reference types it."""
    control.set(track_download_url="string")
    assert finish_recording(api, control)["download_url"].startswith("http://127.0.0.1:")


def test_a_layer_that_is_not_in_the_apis_bucket_has_no_link(
    api: ApiClient, control: Control
) -> None:
    """Its only output is a storage_config."""
    assert finish_recording(api, control, outputs=output_to_storage(AWS))["download_url"] is None


def test_storage_config_is_returned_with_secrets_and_without_access_key(
    api: ApiClient, control: Control
) -> None:
    """The response schema lists secret, password and private_key, and not access_key."""
    recording = finish_recording(api, control, outputs=output_to_storage(SFTP))["storage_config"]
    assert set(recording) == STORAGE_KEYS
    assert (recording["private_key"], recording["password"]) == ("canary-key", "canary-passphrase")
    assert recording["bucket"] is None
    assert "canary-a" not in str(finish_recording(api, control, outputs=output_to_storage(AWS)))


def test_secrets_can_be_left_out_of_responses(api: ApiClient, control: Control) -> None:
    """Without echo_secrets the three keys are missing."""
    control.set(echo_secrets=False)
    recording = finish_recording(api, control, outputs=output_to_storage(AWS))["storage_config"]
    assert set(recording) == STORAGE_KEYS - {"secret", "password", "private_key"}
    assert (recording["type"], recording["bucket"], recording["region"]) == ("aws", "b", "r")


@pytest.mark.parametrize(("mode", "bucket"), [("ignore", None), ("own_bucket", "realtimekit")])
def test_storage_config_may_be_ignored(
    api: ApiClient, control: Control, mode: str, bucket: str | None
) -> None:
    """Then the files go to the API's own bucket; the response names it, or none."""
    control.set(storage_config=mode)
    recording = finish_recording(api, control, outputs=output_to_storage(AWS))
    if bucket is None:
        assert recording["storage_config"] is None
    else:
        assert recording["storage_config"]["bucket"].startswith(bucket)
    assert recording["download_url"] is not None
    details = [event.detail for event in control.events(recording["id"])]
    assert "layer default to REALTIMEKIT_BUCKET" in details


def test_every_response_has_a_ray_and_a_date(api: ApiClient) -> None:
    """Success and failure carry a cf-ray of their own and a Date."""
    responses = [api.get("recordings"), api.get("recordings/unknown"), api.get("nothing")]
    rays = {response.headers["cf-ray"] for response in responses}
    assert len(rays) == 3
    assert all(response.headers["Date"].endswith("GMT") for response in responses)


def test_errors_have_the_envelope_of_cloudflare_or_of_realtimekit(
    api: ApiClient, control: Control
) -> None:
    """The gateway decides about routes and tokens, RealtimeKit about recordings."""
    assert api.get("nothing").json()["errors"][0]["code"] == 7003
    assert api.get("recordings/unknown").json()["error"]["code"] == 404
    control.set(error_envelope="realtimekit")
    assert "error" in api.get("nothing").json()
    control.set(error_envelope="cloudflare")
    assert api.get("recordings/unknown").json()["result"] is None


def test_a_body_that_is_not_json_is_malformed(api: ApiClient) -> None:
    """Broken JSON is a 400, JSON that is no object a 422."""
    assert api.send("POST", "recordings/track", data=b"{").status_code == 400
    response = api.send("POST", "recordings/track", data=b"[]")
    assert (response.status_code, response.json()["error"]["message"]) == (
        422,
        '"value" must be of type object',
    )
