"""Processes that saved in a loop, with rotation, the best by a metric and saves in the background, were killed: all that is named opens."""
import tensorflow as tf


def check(directory):
    state = tf.train.get_checkpoint_state(directory)
    paths = list(state.all_model_checkpoint_paths)
    assert state.model_checkpoint_path == paths[-1] == tf.train.latest_checkpoint(directory), state
    weights, step = tf.Variable(tf.zeros([300])), tf.Variable(0, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(weights=weights, step=step)
    steps = []
    for path in paths:
        checkpoint.restore(path).assert_consumed()
        steps.append(int(step.numpy()))
        assert (weights.numpy() == float(steps[-1])).all(), (path, weights)
    assert steps == sorted(steps) and steps[-1] >= 20, steps
    assert checkpoint.save_counter.numpy() == int(paths[-1].rsplit("-", 1)[1]), paths
    manager = tf.train.CheckpointManager(checkpoint, directory, max_to_keep=2)
    assert manager.checkpoints == paths, manager.checkpoints
    manager.restore_or_initialize()
    assert manager.save() and len(manager.checkpoints) == 2
