import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from motcua.lib import merkle

entries = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def tree_of(some):
    tree = InmemoryTree(algorithm="sha256")
    for entry in some:
        tree.append_entry(entry)
    return tree


def test_a_tree_of_nothing_has_the_hash_of_nothing():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_reference_vectors_of_certificate_transparency():
    some = [
        bytes.fromhex(entry)
        for entry in (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    leaves = [merkle.leaf(entry) for entry in some]
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle.root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(entries)
def test_leaves_and_root_agree_with_another_implementation(some):
    tree, leaves = tree_of(some), [merkle.leaf(entry) for entry in some]
    assert leaves == [tree.get_leaf(number) for number in range(1, len(some) + 1)]
    assert merkle.root(leaves) == tree.get_root()


@given(entries, st.data())
def test_proofs_agree_with_another_implementation(some, data):
    index = data.draw(st.integers(0, len(some) - 1))
    theirs = tree_of(some).prove_inclusion(index + 1, len(some)).serialize()["path"]
    leaves = [merkle.leaf(entry) for entry in some]
    assert [leaves[index].hex(), *(step.hex() for step in merkle.proof(leaves, index))] == theirs


@given(entries)
def test_every_entry_is_proven(some):
    leaves = [merkle.leaf(entry) for entry in some]
    top = merkle.root(leaves)
    assert all(
        merkle.verify(entry, index, len(leaves), merkle.proof(leaves, index), top)
        for index, entry in enumerate(leaves)
    )


@given(entries, st.data())
def test_a_flipped_bit_anywhere_breaks_the_proof(some, data):
    leaves = [merkle.leaf(entry) for entry in some]
    index = data.draw(st.integers(0, len(some) - 1))
    parts = [leaves[index], *merkle.proof(leaves, index), merkle.root(leaves)]
    broken, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    flipped = bytearray(parts[broken])
    flipped[bit // 8] ^= 1 << bit % 8
    parts[broken] = bytes(flipped)
    assert not merkle.verify(parts[0], index, len(leaves), parts[1:-1], parts[-1])


@given(entries, st.integers(-2, 80))
def test_a_proof_speaks_for_one_place_only(some, elsewhere):
    leaves = [merkle.leaf(f"{index}".encode() + entry) for index, entry in enumerate(some)]
    index = len(leaves) // 2
    found = merkle.verify(
        leaves[index], elsewhere, len(leaves), merkle.proof(leaves, index), merkle.root(leaves)
    )
    assert found == (elsewhere == index)


def test_a_proof_that_is_too_long_or_too_short_is_refused():
    leaves = [merkle.leaf(bytes([number])) for number in range(5)]
    steps, top = merkle.proof(leaves, 1), merkle.root(leaves)
    assert not merkle.verify(leaves[1], 1, 5, [*steps, merkle.EMPTY], top)
    assert not merkle.verify(leaves[1], 1, 5, steps[:-1], top)


def test_there_is_no_proof_for_an_entry_that_is_not_there():
    with pytest.raises(IndexError, match="no leaf 3 in a tree of 2"):
        merkle.proof([merkle.leaf(b"a"), merkle.leaf(b"b")], 3)


@given(entries)
def test_the_ways_of_all_leaves_at_once_are_those_of_each(some):
    rows = merkle.levels([merkle.leaf(entry) for entry in some])
    assert merkle.paths(rows) == [b"".join(merkle.path(rows, index)) for index in range(len(some))]


def test_a_tree_of_nothing_has_no_ways():
    assert merkle.paths(merkle.levels([])) == []
