"""Lists and tuples: children "0", "1", ... of any length, in lists of any kind."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros


def item(value, seed):
    return struct(x=value("float32", [2], seed), n=value("int32", [], seed + 1))


def items(value, count, seed):
    return [item(value, seed + 2 * i) for i in range(count)]


def state(value):
    return struct(
        grown=items(value, 12, 1), shrunk=items(value, 2, 31), fixed=items(value, 2, 41), queue=items(value, 3, 51),
        chain=items(value, 3, 61), emptied=[],
        tuple=(item(value, 71), value("float64", [], 73), tf.Variable("text" if value is bits else "")),
        pair=(value("float32", [2], 81), value("int64", [], 82)),
        ragged=[value("float32", [n], 91 + n) for n in [3, 0, 1]],
        nested=[[value("int64", [], 101 + 2 * i + j) for j in range(2)] for i in range(3)] + [[]],
        variables=[value("float32", [2, 2], 111 + i) for i in range(3)])


def make(directory):
    tf.train.Checkpoint(lists=state(bits)).save(directory + "/ckpt")
    # Appended, extended and added to: the same nodes as if it had been made at once.
    appended = struct(list=[])
    appended.list.append(bits("float32", [2], 1))
    appended.list += [bits("float32", [2], 2), bits("float32", [2], 3)]
    appended.list.extend([bits("float32", [2], 4)])
    tf.train.Checkpoint(appended).save(directory + "/appended")
    # A dict with the names of indices is as good as a list, and what is no variable keeps its index.
    tf.train.Checkpoint(list={"1": bits("float32", [2], 2), "0": bits("float32", [2], 1)}).save(directory + "/dict")
    tf.train.Checkpoint(list=[1, bits("float32", [2], 2), "text", bits("float32", [2], 4)]).save(directory + "/gaps")


def check(directory):
    restored = state(zeros)
    tf.train.Checkpoint(lists=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    keys = [key for key, _ in tf.train.list_variables(directory + "/ckpt-1") if key.startswith("lists/grown")]
    assert keys[:6] == [f"lists/grown/{i}/{v}/.ATTRIBUTES/VARIABLE_VALUE" for i in [0, 1, 10] for v in "nx"], keys
    # Restored into tuples and into a dict by the names of the indices.
    fixed = tuple(items(zeros, 2, 41))
    queue = {str(i): each for i, each in enumerate(items(zeros, 3, 51))}
    tf.train.Checkpoint(lists=struct(fixed=fixed, queue=queue)).restore(directory + "/ckpt-1").assert_existing_objects_matched().expect_partial()
    expect_same_bits(struct(a=fixed), struct(a=tuple(items(bits, 2, 41))))
