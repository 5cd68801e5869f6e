"""What TensorFlow 1's programs left behind, made with TensorFlow 2.21: python make.py, in this folder.

saver.*: a name-based checkpoint of tf.compat.v1.train.Saver, no object graph in it.
slots-1.*: an object-based one of a v1 optimizer, whose state is in slot variables.
"""
import tensorflow as tf

v1 = tf.compat.v1

with tf.Graph().as_default():
    with v1.variable_scope("model"):
        with v1.variable_scope("dense"):
            v1.get_variable("kernel", initializer=tf.constant([[1.0, 2.0], [3.0, 4.0]]))
            v1.get_variable("bias", initializer=tf.constant([5.0, 6.0]))
        v1.get_variable("dense_1", initializer=tf.constant(7.0))
        v1.get_variable("parts", initializer=tf.reshape(tf.range(6, dtype=tf.float32), [3, 2]),
                        partitioner=v1.fixed_size_partitioner(2))
    v1.get_variable("global_step", initializer=tf.constant(42, tf.int64))
    v1.get_variable("label", initializer=tf.constant("run 1"))
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, "./saver", write_meta_graph=False, write_state=False)

w = tf.Variable([1.0, 2.0], name="w")
optimizer = v1.train.AdamOptimizer(0.5)
optimizer.apply_gradients([(tf.constant([1.0, -1.0]), w)])
tf.train.Checkpoint(opt=optimizer, w=w).save("slots")
