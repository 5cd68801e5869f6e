"""The real TensorFlow, for run.py: `with_tensorflow.py DIRECTORY RANKS...` restores what so many ranks saved in DIRECTORY/RANKS,
and saves in DIRECTORY what ranks restore."""
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.python.distribute import sharded_variable  # noqa: E402
from states import struct  # noqa: E402

ROWS, COLUMNS = 37, 23


def values(rows=ROWS, columns=COLUMNS):
    return np.arange(rows * columns, dtype=np.float64).reshape(rows, columns)


def sharded(array, parts):
    """What ParameterServerStrategy makes of a variable that it spreads over parameter servers."""
    return sharded_variable.ShardedVariable([tf.Variable(part) for part in np.array_split(array, parts)])


def make(directory):
    tf.train.Checkpoint(field=sharded(values(), 4)).write(f"{directory}/sharded")

    def initializer(shape, dtype, partition_info):
        first = partition_info.var_offset[0]
        return tf.constant(values()[first : first + int(shape[0])], dtype)

    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.compat.v1.get_variable("field", [ROWS, COLUMNS], tf.float64, initializer, partitioner=tf.compat.v1.fixed_size_partitioner(5), use_resource=False)
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, f"{directory}/partitioner", write_state=False, write_meta_graph=False)


def check(directory, ranks):
    seed = ranks  # what run.py has given to program.cpp
    expected = seed * 100_000 + values() + 0.5
    own = {str(rank): struct(number=tf.Variable(tf.zeros([], tf.int64)), several=tf.Variable(tf.zeros([rank], tf.float64))) for rank in range(ranks)}
    state = struct(field=tf.Variable(np.zeros([ROWS, COLUMNS])), weights=tf.Variable(tf.zeros([40, 50])), more=tf.Variable(tf.zeros([60, 30])),
                   nothing=tf.Variable(tf.zeros([0, 4], tf.int32)), own=struct(**own), name=tf.Variable(""), step=tf.Variable(tf.zeros([], tf.int64)))
    checkpoint = tf.train.Checkpoint(state)
    checkpoint.restore(tf.train.latest_checkpoint(directory)).assert_consumed()
    assert (state.field.numpy() == expected).all()
    assert (state.weights.numpy().ravel() == np.arange(2000) + seed).all() and (state.more.numpy().ravel() == np.arange(1800) - seed).all()
    for rank in range(ranks):
        assert getattr(state.own, str(rank)).number.numpy() == seed * 100 + rank
        assert (getattr(state.own, str(rank)).several.numpy() == np.full([rank], seed)).all()
    assert state.name.numpy() == f"seed {seed}".encode() and state.step.numpy() == seed
    parts = struct(field=sharded(np.zeros([ROWS, COLUMNS]), 3))
    tf.train.Checkpoint(parts).restore(tf.train.latest_checkpoint(directory)).expect_partial()
    assert (np.concatenate([part.numpy() for part in parts.field.variables]) == expected).all()


make(sys.argv[1])
for number in sys.argv[2:]:
    check(f"{sys.argv[1]}/{number}", int(number))
