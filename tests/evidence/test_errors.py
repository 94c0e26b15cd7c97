"""Every error has its own code, an exit code of the contract, and says what to do next."""

import dataclasses
import re
import string
import typing
from collections.abc import Iterator

import pytest

from evidence import errors
from evidence.errors import EvidenceError, ExitCode

ABSTRACT = {EvidenceError, errors.CaseError, errors.InputError}
"""Parents that are caught by and never raised."""

VALUES: dict[type, object] = {str: "{甲}", int: 7, tuple[str, ...]: ("{甲}", "乙")}
"""A value for each type of field; braces in it must not be read as a field."""


def tree(top: type[EvidenceError]) -> Iterator[type[EvidenceError]]:
    yield top
    for child in top.__subclasses__():
        if child.__module__.startswith(errors.__name__ + "."):
            yield from tree(child)


CLASSES = sorted(set(tree(EvidenceError)) - ABSTRACT, key=lambda c: c.__name__)
EACH = pytest.mark.parametrize("cls", CLASSES)


def made(cls: type[EvidenceError]) -> EvidenceError:
    types = typing.get_type_hints(cls)
    return cls(**{f.name: VALUES[types[f.name]] for f in dataclasses.fields(cls)})


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_class_of_the_module_is_in_the_tree() -> None:
    here = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, BaseException)
    }
    assert here == set(tree(EvidenceError))


def test_exit_codes_are_those_of_the_contract() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "UNEXPECTED": 1,
        "USAGE": 2,
        "INPUT_UNUSABLE": 3,
        "CASE_UNUSABLE": 4,
        "MISSING_CAPABILITY": 5,
        "NOT_INTACT": 10,
        "INCOMPLETE": 11,
        "INTERRUPTED": 130,
    }


def test_no_exit_code_has_two_names() -> None:
    assert len(ExitCode.__members__) == len(set(ExitCode))


def test_no_two_errors_share_a_code() -> None:
    codes = [cls.code for cls in CLASSES]
    assert len(set(codes)) == len(codes)
    assert not {cls.code for cls in CLASSES} & {"usage", "interrupted", "unexpected"}


@EACH
def test_code_is_its_own_and_stable_ascii(cls: type[EvidenceError]) -> None:
    assert "code" in vars(cls)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cls.code)


@EACH
def test_error_never_ends_in_success_or_in_an_unexpected_failure(cls: type[EvidenceError]) -> None:
    assert isinstance(cls.exit_code, ExitCode)
    assert cls.exit_code not in (ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.INTERRUPTED)


@EACH
def test_error_says_what_happened_and_what_to_do_in_its_own_words(cls: type[EvidenceError]) -> None:
    assert "message" in vars(cls)
    assert "hint" in vars(cls)
    assert cls.message
    assert cls.hint


@EACH
def test_texts_use_its_own_fields_and_every_field_is_told(cls: type[EvidenceError]) -> None:
    fields = {f.name for f in dataclasses.fields(cls)}
    assert names_in(cls.message) | names_in(cls.hint) == fields


@EACH
def test_error_is_told_with_its_values(cls: type[EvidenceError]) -> None:
    error = made(cls)
    text = str(error)
    values = {
        name: "、".join(value) if isinstance(value, tuple) else value
        for name, value in error.fields().items()
    }
    assert text == f"{cls.message.format(**values)}\n{cls.hint.format(**values)}"
    assert all(str(value) in text for value in values.values())


@EACH
def test_names_of_the_fields_do_not_clash_with_those_of_the_report(
    cls: type[EvidenceError],
) -> None:
    # The command line writes code, message and hint beside them into one object.
    assert not {f.name for f in dataclasses.fields(cls)} & {"code", "message", "hint"}


@EACH
def test_no_two_errors_of_one_class_are_the_same_error(cls: type[EvidenceError]) -> None:
    assert made(cls) != made(cls)
    assert len({made(cls), made(cls)}) == 2


@pytest.mark.parametrize("cls", [c for c in CLASSES if issubclass(c, errors.CaseError)])
def test_case_that_cannot_be_used_says_which(cls: type[EvidenceError]) -> None:
    assert cls.exit_code is ExitCode.CASE_UNUSABLE
    assert "path" in {f.name for f in dataclasses.fields(cls)}


@pytest.mark.parametrize("cls", [c for c in CLASSES if issubclass(c, errors.InputError)])
def test_unusable_input_is_input_or_usage(cls: type[EvidenceError]) -> None:
    assert cls.exit_code in (ExitCode.INPUT_UNUSABLE, ExitCode.USAGE)


def test_what_does_not_verify_is_not_intact() -> None:
    for cls in (
        errors.CanonicalFormError,
        errors.EntryFormError,
        errors.NotIntactError,
        errors.OriginalDamagedError,
    ):
        assert cls.exit_code is ExitCode.NOT_INTACT
    assert errors.MissingCapabilityError.exit_code is ExitCode.MISSING_CAPABILITY


@EACH
def test_commands_that_a_hint_names_begin_with_the_programs_name(cls: type[EvidenceError]) -> None:
    for quoted in re.findall(r"“([^”]*)”", cls.hint):
        if quoted.isascii() and " " in quoted and not quoted.startswith(("--", "{", "pip ")):
            assert quoted.startswith("liuhen "), quoted
