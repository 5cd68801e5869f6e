"""Dicts: children by key, found by name whatever their order."""
import collections

import tensorflow as tf

from states import bits, expect_same_bits, struct, variables, zeros


def sorted_dict(value):
    return {"alpha": value("float32", [2], 1), "mid": value("float32", [2], 2), "zeta": value("float32", [2], 3)}


def state(value, order=lambda names: names):
    def ordered(members, kind=dict):
        return kind((name, members[name]) for name in order(list(members)))

    return struct(
        sorted=ordered(sorted_dict(value)), unordered=ordered({f"k{i}": value("float64", [], 10 + i) for i in range(20)}),
        structs=ordered({name: struct(w=value("float32", [3], seed), n=value("int64", [], seed + 1)) for seed, name in [(31, "a"), (33, "b")]}),
        nested=ordered({"x": {"1": value("int32", [], 41), "0": value("int32", [], 42)}, "y": {}, "z": {"q": value("int32", [], 43)}}),
        vectors=ordered({"short": value("float32", [1], 51), "long": value("float32", [5], 52)}, collections.OrderedDict),
        lists={"l": [value("float32", [2], 61), value("float32", [2], 62)]}, emptied={})


def make(directory):
    tf.train.Checkpoint(maps=state(bits)).save(directory + "/sorted")
    tf.train.Checkpoint(maps=state(bits, lambda names: names[::-1])).save(directory + "/reversed")


def check(directory):
    for order in [lambda names: names, lambda names: names[::-1], lambda names: names[1:] + names[:1]]:
        restored = state(zeros, order)
        tf.train.Checkpoint(maps=restored).restore(directory + "/ckpt-1").assert_consumed()
        expect_same_bits(restored, state(bits, order))
    # Deferred: the dict gets its keys after the restore.
    late = struct(sorted={})
    status = tf.train.Checkpoint(maps=late).restore(directory + "/ckpt-1")
    for name, variable in reversed(sorted_dict(zeros).items()):
        late.sorted[name] = variable
    status.assert_existing_objects_matched().expect_partial()
    expect_same_bits(struct(**late.sorted), struct(**dict(reversed(sorted_dict(bits).items()))))
    assert len(variables(late)) == 3
    # Keys are sorted in the file, whatever the hash.
    view = tf.train.CheckpointView(directory + "/ckpt-1")
    maps = view.children(view.children(0)["maps"])
    for name in ["sorted", "unordered", "structs", "vectors"]:
        children = list(view.children(maps[name]))
        assert children == sorted(children), children
