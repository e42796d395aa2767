"""Normal forms: equal for two spellings of one place, and for no two places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.schema.normal_forms import (
    NORMAL_FORMS,
    normalize_endpoint,
    normalize_field,
    normalize_host,
    normalize_path,
    normalize_prefix,
    normalize_region,
)
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.property_examples import run_examples
from tests.schema.spellings import (
    CONFIG_FIELDS,
    LOCATION_FIELDS,
    WRITER_FIELDS,
    get_values,
    spell,
)

FIELDS = sorted(
    {
        (storage_type, field)
        for fields in (CONFIG_FIELDS, LOCATION_FIELDS, WRITER_FIELDS)
        for storage_type, names in fields.items()
        for field in names
    }
)
NUMBERS = {"port"}
CASELESS = {"region", "host", "endpoint"}


@pytest.mark.parametrize(("storage_type", "field"), FIELDS)
def test_every_field_of_a_location_has_a_normal_form(storage_type: str, field: str) -> None:
    """A new field of any model fails here until somebody decides which spellings are equal."""
    assert field in NORMAL_FORMS.keys() | NUMBERS, storage_type


@pytest.mark.parametrize(("storage_type", "field"), FIELDS)
@given(data=st.data())
@run_examples(50)
def test_normal_forms_are_equal_exactly_for_one_location(
    storage_type: str, field: str, data: st.DataObject
) -> None:
    """However each is spelled; and the normal form of a normal form is itself."""
    values = get_values(storage_type, field)
    one = data.draw(values)
    case_counts = field not in CASELESS | NUMBERS
    other = data.draw(values | st.just(one.swapcase() if case_counts else one) | st.just(one))
    siblings = {"type": storage_type}
    forms = [
        normalize_field(field, data.draw(spell(storage_type, field, value)), siblings)
        for value in (one, other)
    ]
    assert (forms[0] == forms[1]) is (one == other)
    assert normalize_field(field, forms[0], siblings) == forms[0]


@given(st.sampled_from(sorted(NORMAL_FORMS)), st.text())
def test_any_text_has_a_normal_form(field: str, text: str) -> None:
    """Also one that a check refuses, since a diff may see it."""
    form = NORMAL_FORMS[field](text)
    assert NORMAL_FORMS[field](form) == form


@pytest.mark.parametrize("value", [UNKNOWN, None, 22, {"a": 1}, ["A/"]])
def test_only_texts_have_another_form(value: Any) -> None:
    for field in NORMAL_FORMS:
        assert normalize_field(field, value, {}) == value


@pytest.mark.parametrize(
    ("field", "value"), [("path", ""), ("path", "/"), ("prefix", ""), ("region", "")]
)
def test_an_empty_text_is_the_field_left_out(field: str, value: str) -> None:
    """Azure's guide sends an empty region, and an empty folder is the whole bucket."""
    assert normalize_field(field, value, {"type": "azure"}) is None


def test_max_seconds_left_out_is_a_day() -> None:
    assert normalize_field("max_seconds", None, {}) == normalize_field("max_seconds", 86400.0, {})
    assert normalize_field("max_seconds", 3600, {}) == 3600


def test_outputs_left_out_are_cloudflares_own_bucket() -> None:
    own: list[Any] = [{"type": "REALTIMEKIT_BUCKET"}]
    assert normalize_field("outputs", None, {}) == normalize_field("outputs", own, {})
    assert normalize_field("outputs", own * 2, {}) == own * 2


@pytest.mark.parametrize(
    ("spellings", "form"),
    [
        ([normalize_region("EUROPE-WEST1"), normalize_region("europe-west1")], "europe-west1"),
        ([normalize_region("FRA1"), normalize_region("fra1")], "fra1"),
        ([normalize_prefix("a/b/"), normalize_prefix("/a/b")], "a/b"),
        ([normalize_path("/a/b/"), normalize_path("//a/./b")], "/a/b"),
        ([normalize_path(""), normalize_path("./")], "."),
        ([normalize_host("0:0:0:0:0:0:0:1"), normalize_host("::1")], "::1"),
        ([normalize_host("SFTP.Example.com")], "sftp.example.com"),
        ([normalize_host("sftp.example.com.")], "sftp.example.com"),
        ([normalize_endpoint("https://FRA1.example.com:443/")], "https://fra1.example.com"),
        ([normalize_endpoint("http://[0:0:0:0:0:0:0:1]:9000")], "http://[::1]:9000"),
        ([normalize_endpoint("https://example.com:")], "https://example.com"),
        ([normalize_endpoint("not a url")], "not a url"),
        ([normalize_endpoint("https://[::1")], "https://[::1"),
    ],
)
def test_the_normal_form_is_the_short_one(spellings: list[str], form: str) -> None:
    assert set(spellings) == {form}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (normalize_path("/upload"), normalize_path("upload")),
        (normalize_path("/Upload"), normalize_path("/upload")),
        (normalize_prefix("a//b"), normalize_prefix("a/b")),
        (normalize_prefix("Audio"), normalize_prefix("audio")),
        (normalize_endpoint("https://a.example"), normalize_endpoint("https://a.example:8443")),
        (normalize_endpoint("http://localhost"), normalize_endpoint("https://localhost")),
        (normalize_endpoint("https://a.example/B"), normalize_endpoint("https://a.example/b")),
    ],
)
def test_two_locations_have_two_normal_forms(one: str, other: str) -> None:
    assert one != other


@pytest.mark.parametrize("siblings", [{"type": "sftp"}, {"type": "SFTP"}, {"host": "a.example"}])
def test_a_path_is_one_on_a_server_however_that_is_given(siblings: dict[str, str]) -> None:
    """The API may report the type in capitals, or not at all."""
    assert normalize_field("path", "/upload/", siblings) == "/upload"
