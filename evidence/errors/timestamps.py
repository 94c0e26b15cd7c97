"""Trusted timestamps: questions to an authority, its answers, and whom we are told to trust."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import EvidenceError, ExitCode, InputError


@dataclasses.dataclass(eq=False)
class TimestampFormError(InputError):
    """Bytes that are no timestamp request or response that this program can read."""

    code: ClassVar[str] = "timestamp-malformed"
    message: ClassVar[str] = "读不懂这个时间戳文件（{reason}），没有保存"
    hint: ClassVar[str] = "请确认给的是服务方返回的原文件（.tsr），没有被网页或编辑器改动。"
    reason: str


@dataclasses.dataclass(eq=False)
class TimestampRefusedError(InputError):
    """The authority answered, but gave no timestamp."""

    code: ClassVar[str] = "timestamp-refused"
    message: ClassVar[str] = "服务方没有给时间戳（状态 {status}），没有保存"
    hint: ClassVar[str] = "请换一个服务方，或稍后用“liuhen timestamp request”重新做一份请求。"
    status: int


@dataclasses.dataclass(eq=False)
class TimestampImprintError(InputError):
    """The timestamp is over something else than the checkpoint."""

    code: ClassVar[str] = "timestamp-other-checkpoint"
    message: ClassVar[str] = "这个时间戳盖的不是这份检查点，没有保存"
    hint: ClassVar[str] = (
        "请把同一次“liuhen timestamp request”写出的 .tsq、.checkpoint 和收到的 .tsr 放在一起再试。"
    )


@dataclasses.dataclass(eq=False)
class TimestampNonceError(InputError):
    """The answer does not carry the random number of the request."""

    code: ClassVar[str] = "timestamp-foreign-nonce"
    message: ClassVar[str] = "这份回复对应的不是这份请求（随机数不同），没有保存"
    hint: ClassVar[str] = "请找到对应的 .tsq，或者重新做一份请求再申请一次。"


@dataclasses.dataclass(eq=False)
class TimestampCertificateError(InputError):
    """The certificate that signed may not sign timestamps, or is not bound to the answer."""

    code: ClassVar[str] = "timestamp-certificate"
    message: ClassVar[str] = "签发时间戳的证书不合要求（{reason}），没有保存"
    hint: ClassVar[str] = "这样的时间戳不能用，请换一个服务方。"
    reason: str


@dataclasses.dataclass(eq=False)
class TimestampForgedError(EvidenceError):
    """The signature does not fit what was signed."""

    code: ClassVar[str] = "timestamp-forged"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "时间戳的签名不对（{reason}），没有保存"
    hint: ClassVar[str] = "文件可能损坏或被改动过，请向服务方重新取一份。"
    reason: str


@dataclasses.dataclass(eq=False)
class TimestampUnsupportedError(InputError):
    """Signed in a way that this program cannot check: neither right nor forged."""

    code: ClassVar[str] = "timestamp-unsupported"
    message: ClassVar[str] = "这个时间戳的签名方式（{method}）本程序不能核对，没有保存"
    hint: ClassVar[str] = (
        "这不等于它有问题。请把 .tsr、.tsq 和 .checkpoint 一起收好，用支持这种算法的工具核对；"
        "另外再要一份用 RSA（PKCS #1 v1.5）或 ECDSA、SHA-256 以上签名的时间戳。"
    )
    method: str


@dataclasses.dataclass(eq=False)
class TimestampUntrustedError(InputError):
    """No chain leads from the signer to a root that was given."""

    code: ClassVar[str] = "timestamp-untrusted"
    message: ClassVar[str] = "“{authority}”的证书不能追溯到您给的根证书（{reason}），没有保存"
    hint: ClassVar[str] = (
        "请从服务方的官方网站取得它的根证书，核对指纹后用“--root”给出；可以给多份。"
    )
    authority: str
    reason: str


@dataclasses.dataclass(eq=False)
class TimestampExpiredError(InputError):
    """A certificate was not valid at the time that the timestamp states."""

    code: ClassVar[str] = "timestamp-expired"
    message: ClassVar[str] = "盖时间戳时（{time}）证书“{subject}”不在有效期内，没有保存"
    hint: ClassVar[str] = "这样的时间戳不能用，请换一个服务方，或请它用有效的证书重新签发。"
    time: str
    subject: str


@dataclasses.dataclass(eq=False)
class TimestampNotOfCaseError(EvidenceError):
    """The checkpoint that was timestamped is none of this case as it is now."""

    code: ClassVar[str] = "timestamp-not-of-case"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "这份检查点与案件现在的记录不一致（{reason}），没有保存"
    hint: ClassVar[str] = (
        "请确认打开的是同一个案件；如果是，先复制案件文件留底，再运行“liuhen verify”。"
    )
    reason: str


@dataclasses.dataclass(eq=False)
class TimestampRequestMissingError(InputError):
    """The request of an answer was not found beside it."""

    code: ClassVar[str] = "timestamp-request-missing"
    message: ClassVar[str] = "没有找到这份回复对应的请求：{path}"
    hint: ClassVar[str] = (
        "用“--request”指明当初的 .tsq 文件；找不到了就用“liuhen timestamp request”重新申请。"
    )
    path: str


@dataclasses.dataclass(eq=False)
class RootCertificateError(InputError):
    """A file that holds no certificate that can be trusted as a root."""

    code: ClassVar[str] = "root-unusable"
    message: ClassVar[str] = "不能用作根证书：{path}（{reason}）"
    hint: ClassVar[str] = "请给 PEM 或 DER 格式的证书文件（常见扩展名 .pem、.crt、.cer）。"
    path: str
    reason: str


@dataclasses.dataclass(eq=False)
class FetchError(InputError):
    """An authority's server gave nothing usable."""

    code: ClassVar[str] = "fetch-failed"
    message: ClassVar[str] = "没有从 {url} 取得时间戳（{reason}）"
    hint: ClassVar[str] = (
        "案件没有改变。可以稍后再试、换一个地址，或用“liuhen timestamp request”走文件交换。"
    )
    url: str
    reason: str


@dataclasses.dataclass(eq=False)
class CheckpointCodeError(InputError):
    """A printed code that is almost, but not quite, one of this case."""

    code: ClassVar[str] = "checkpoint-code-mistyped"
    message: ClassVar[str] = "短码 {given} 与本案件的 {close} 只差一两位，像是抄错了"
    hint: ClassVar[str] = "请对照纸面重新输入；如果纸面确实是这样写的，请把纸面和案件都留好再核对。"
    given: str
    close: str
