"""Cases of item ``earlier``: a later bundle extends the earlier one, or does not."""

from collections.abc import Callable

from tests.verifiers.case import Cases, Given
from tests.verifiers.forge import (
    CHECKPOINT,
    LEAVES,
    Bundle,
    Workshop,
    leaf_hash,
    merkle_root,
    other_signature,
)

EARLIER = Cases()


def root_of(bundle: Bundle) -> bytes:
    """Return the root over all leaves of a bundle."""
    return merkle_root([bytes.fromhex(leaf) for leaf in bundle.leaves])


def _after(
    later: Callable[[Workshop, Bundle], None] = lambda w, b: None,
    earlier: Callable[[Workshop, Bundle], None] = lambda w, b: None,
) -> Callable[[Workshop], Given]:
    """Return the maker of two bundles: the forger's own, and one with five entries more."""

    def make(w: Workshop) -> Given:
        before, after = w.own(), w.own()
        after.rewrite(more=5)
        later(w, after)
        earlier(w, before)
        return Given(bundle=after.root, earlier=(before.root,))

    return make


EARLIER.intact("earlier", name="later bundle extends the earlier one")(_after())
EARLIER.intact("earlier", name="the same bundle again")(
    lambda w: Given(bundle=w.real().root, earlier=(w.real().root,))
)


@EARLIER.intact("earlier")
def later_bundle_extends_two(w: Workshop) -> Given:
    first, second, third = w.own(), w.own(), w.own()
    second.rewrite(more=3)
    third.rewrite(more=4)
    return Given(bundle=third.root, earlier=(first.root, second.root))


@EARLIER.broken("earlier")
def later_bundle_extends_only_one_of_two(w: Workshop) -> Given:
    first, second, third = w.own(), w.own(), w.own()
    second.rewrite(more=3)
    third.rewrite(more=4)
    second.leaves = [*second.leaves[:-1], leaf_hash(b"other")]
    second.sign()
    return Given(bundle=third.root, earlier=(first.root, second.root))


EARLIER.broken("earlier", name="withheld entries written anew")(
    _after(later=lambda w, b: b.rewrite(words="other words"))
)
EARLIER.broken("earlier", name="log written anew with a new key")(
    lambda w: Given(bundle=w.own().root, earlier=(w.real().root,))
)
EARLIER.broken("earlier", name="earlier bundle of another key")(
    _after(earlier=lambda w, b: b.sign(key=w.other_key()))
)
EARLIER.broken("earlier", name="earlier bundle of another case")(
    _after(earlier=lambda w, b: b.sign(case_id="0" * 32))
)
EARLIER.broken("earlier", name="earlier bundle with another root")(
    _after(earlier=lambda w, b: b.sign(root=bytes(32)))
)
EARLIER.broken("earlier", name="earlier bundle of another size")(
    _after(earlier=lambda w, b: b.sign(size=10))
)
EARLIER.broken("earlier", name="earlier checkpoint with a wrong size")(
    _after(earlier=lambda w, b: b.sign(size=17, root=root_of(b)))
)
EARLIER.broken("earlier", name="earlier leaves cut off")(
    _after(earlier=lambda w, b: setattr(b, "leaves", b.leaves[:-1]))
)
EARLIER.broken("earlier", name="earlier leaves changed")(
    _after(earlier=lambda w, b: b.edit(LEAVES, lambda d: d[:-2] + bytes([d[-2] ^ 1]) + b"\n"))
)
EARLIER.broken("earlier", name="earlier leaves malformed")(
    _after(earlier=lambda w, b: b.edit(LEAVES, bytes.upper))
)
EARLIER.broken("earlier", name="earlier checkpoint malformed")(
    _after(earlier=lambda w, b: b.edit(CHECKPOINT, lambda d: d[:-1]))
)


EARLIER.broken("earlier", name="earlier signature changed")(
    _after(earlier=lambda w, b: b.edit(CHECKPOINT, other_signature))
)


@EARLIER.broken("earlier")
def later_bundle_is_shorter(w: Workshop) -> Given:
    before, after = w.own(), w.own()
    before.rewrite(more=5)
    return Given(bundle=after.root, earlier=(before.root,))


@EARLIER.broken("root", unchecked=("earlier", "signature"))
def later_checkpoint_is_malformed(w: Workshop) -> Given:
    before, after = w.own(), w.own()
    after.edit(CHECKPOINT, lambda d: d[:-1])
    after.seal()
    return Given(bundle=after.root, earlier=(before.root,))


@EARLIER.refused()
def earlier_bundle_is_none(w: Workshop) -> Given:
    folder = w.place("nothing")
    folder.mkdir(parents=True)
    return Given(bundle=w.real().root, earlier=(folder,))
