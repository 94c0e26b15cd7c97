"""Every error that bad input or a damaged case can cause, as one tree.

Rules:

* Each class has a stable ASCII ``code`` (printed by ``--json``), an ``exit_code`` from
  DESIGN section 7, typed fields, a Chinese ``message`` (what happened, to which thing) and a
  ``hint`` (what to do next, with the command). The two texts are translation msgids; the command
  line translates them, this package never does.
* Misuse by our own code is not here: it raises ``TypeError`` or ``RuntimeError``.
* A module of this package holds what goes wrong with one thing; all are imported from here.
"""

from evidence.errors.base import (
    CaseError,
    EvidenceError,
    ExitCode,
    InputError,
)
from evidence.errors.capability import (
    MissingCapabilityError,
    MissingExtraError,
    SpeechModelError,
)
from evidence.errors.case import (
    CaseBusyError,
    CaseDamagedError,
    CaseExistsError,
    CaseMissingError,
    CaseNotWritableError,
    CaseTooNewError,
    DiskFullError,
    NotACaseError,
)
from evidence.errors.erasing import (
    DependentsError,
    ErasedError,
    EraseRevivesError,
    NotErasableError,
)
from evidence.errors.files import (
    FileChangedError,
    FileUnreadableError,
    MediaUnreadableError,
    NotABundleError,
    NothingFoundError,
    OutputExistsError,
    OutputNotWritableError,
    PatternFileError,
)
from evidence.errors.follow_up import (
    NoPacketError,
    NoSubmissionError,
    SubmissionDayError,
    SubmittedBeforeError,
)
from evidence.errors.packet import (
    FindingsLeftOutError,
    LetterTextError,
    NoComplainantError,
    NoFindingError,
    NothingForChannelError,
)
from evidence.errors.proof import (
    CanonicalFormError,
    CheckpointFormError,
    EntryFormError,
    NotIntactError,
    OriginalDamagedError,
)
from evidence.errors.statements import (
    CautionError,
    NotAThirdPersonError,
    NothingRequestedError,
    RegionError,
    RespondentExistsError,
    SpanError,
    SpanNotApplicableError,
    SuggestionConfirmedError,
    TranscriptFileError,
    TranscriptLineError,
    UnknownConductError,
    UnknownProvisionError,
    UnknownRespondentError,
    UnknownSeqError,
    ValueFormError,
    WithdrawnError,
    WrongKindError,
)
from evidence.errors.timestamps import (
    CheckpointCodeError,
    FetchError,
    RootCertificateError,
    TimestampCertificateError,
    TimestampExpiredError,
    TimestampForgedError,
    TimestampFormError,
    TimestampImprintError,
    TimestampNonceError,
    TimestampNotOfCaseError,
    TimestampRefusedError,
    TimestampRequestMissingError,
    TimestampUntrustedError,
)

__all__ = [
    "CanonicalFormError",
    "CaseBusyError",
    "CaseDamagedError",
    "CaseError",
    "CaseExistsError",
    "CaseMissingError",
    "CaseNotWritableError",
    "CaseTooNewError",
    "CautionError",
    "CheckpointCodeError",
    "CheckpointFormError",
    "DependentsError",
    "DiskFullError",
    "EntryFormError",
    "EraseRevivesError",
    "ErasedError",
    "EvidenceError",
    "ExitCode",
    "FetchError",
    "FileChangedError",
    "FileUnreadableError",
    "FindingsLeftOutError",
    "InputError",
    "LetterTextError",
    "MediaUnreadableError",
    "MissingCapabilityError",
    "MissingExtraError",
    "NoComplainantError",
    "NoFindingError",
    "NoPacketError",
    "NoSubmissionError",
    "NotABundleError",
    "NotACaseError",
    "NotAThirdPersonError",
    "NotErasableError",
    "NotIntactError",
    "NothingForChannelError",
    "NothingFoundError",
    "NothingRequestedError",
    "OriginalDamagedError",
    "OutputExistsError",
    "OutputNotWritableError",
    "PatternFileError",
    "RegionError",
    "RespondentExistsError",
    "RootCertificateError",
    "SpanError",
    "SpanNotApplicableError",
    "SpeechModelError",
    "SubmissionDayError",
    "SubmittedBeforeError",
    "SuggestionConfirmedError",
    "TimestampCertificateError",
    "TimestampExpiredError",
    "TimestampForgedError",
    "TimestampFormError",
    "TimestampImprintError",
    "TimestampNonceError",
    "TimestampNotOfCaseError",
    "TimestampRefusedError",
    "TimestampRequestMissingError",
    "TimestampUntrustedError",
    "TranscriptFileError",
    "TranscriptLineError",
    "UnknownConductError",
    "UnknownProvisionError",
    "UnknownRespondentError",
    "UnknownSeqError",
    "ValueFormError",
    "WithdrawnError",
    "WrongKindError",
]
