"""Who am I among the workers, and what is worth logging?"""

import socket

import tensorflow.compat.v1 as tf

try:
    import horovod.tensorflow as hvd
except ImportError:
    hvd = None

IS_HVD_INIT = False


def is_rank0():
    """Returns whether this is the first worker, the one that writes files."""
    if hvd is not None:
        return hvd.rank() == 0
    return True


def hvd_try_init():
    """Starts Horovod, once; workers but the first log warnings only."""
    global IS_HVD_INIT
    if not IS_HVD_INIT and hvd is not None:
        hvd.init()
        IS_HVD_INIT = True
        hvd_info('started on {}'.format(socket.gethostname()))
        if not is_rank0():
            tf.logging.set_verbosity(tf.logging.WARN)


def hvd_info(msg):
    """Logs `msg` on every worker, after its rank."""
    if hvd is not None:
        msg = 'worker {} of {}: {}'.format(hvd.rank(), hvd.size(), msg)
    tf.logging.info(msg)


def hvd_info_rank0(msg):
    """Logs `msg` on the first worker, after the number of workers."""
    if not is_rank0():
        return
    if hvd is not None:
        msg = 'first of {} workers: {}'.format(hvd.size(), msg)
    tf.logging.info(msg)
