"""Session hooks: equal weights on all workers, and scalars in log and event file."""

import time

try:
    import horovod.tensorflow as hvd
except ImportError:
    hvd = None
import matplotlib as mpl
import tensorflow.compat.v1 as tf
from sklearn.metrics import confusion_matrix
from tensorflow.python.training.session_run_hook import SessionRunArgs

from .utis import hvd_info_rank0, is_rank0

mpl.use('Agg')


class BroadcastGlobalVariablesHook(tf.train.SessionRunHook):
    """Gives every worker the variables of worker `root_rank` at the start.

    Args:
        root_rank: The worker that sends.
        pretrained_model_path: Checkpoint to start from unless `model_dir` holds one.
        exclusions: Prefixes of variables to keep out of that checkpoint.
        device: Where to place the broadcast.
        model_dir: Where training keeps its own checkpoints.
    """

    def __init__(self, root_rank, pretrained_model_path=None, exclusions=[], device='', model_dir=None):
        self._root_rank = root_rank
        self._pretrained_model_path = pretrained_model_path
        self._exclusions = tuple(exclusions)
        self._device = device
        self._model_dir = model_dir
        self._broadcast = None

    def begin(self):
        """Adds the broadcast to the graph, and the restore if one is due."""
        resumes = self._model_dir and tf.train.latest_checkpoint(self._model_dir)
        if self._pretrained_model_path and not resumes and is_rank0():
            saved = {name for name, _ in tf.train.list_variables(self._pretrained_model_path)}
            tf.train.init_from_checkpoint(self._pretrained_model_path, {
                variable.op.name: variable for variable in tf.global_variables()
                if variable.op.name in saved and not variable.op.name.startswith(self._exclusions)})
        with tf.device(self._device):
            self._broadcast = hvd.broadcast_global_variables(self._root_rank)

    def after_create_session(self, session, coord):
        """Broadcasts once the first worker has its variables."""
        session.run(self._broadcast)


class LoggingTensorHook(tf.train.SessionRunHook):
    """Logs scalars, and writes them to the event file, every so many steps.

    Values carry the step that they were computed at, counted from 0.

    Args:
        named_tensor: Scalar tensors by tag.
        summary_dir: Folder of the event file; None writes none.
        every_n_iter: Steps from one record to the next.
    """

    def __init__(self, named_tensor, summary_dir=None, every_n_iter=100):
        self._avg_ops = named_tensor
        self._summary_dir = summary_dir
        self._every_n_iter = every_n_iter
        self._step = 0
        self._tic = 0.0

    def after_create_session(self, session, coord):
        """Takes up the count where a checkpoint left it."""
        self._step = session.run(tf.train.get_global_step(session.graph))

    def before_run(self, run_context):
        """Asks for the scalars if they are due."""
        if self._step % self._every_n_iter == 0:
            return SessionRunArgs(fetches=self._avg_ops)
        self._tic = time.time()

    def after_run(self, run_context, run_values):
        """Records the scalars if they were asked for."""
        if run_values.results is not None:
            self._log(run_values.results)
            self._summary(run_values.results)
        self._step += 1

    def _log(self, values):
        stats = ['{} = {:.6g}'.format(tag, value) for tag, value in values.items()]
        stats.append('step = {}'.format(self._step))
        stats.append('step_time = {:.3f} s'.format(time.time() - self._tic))
        hvd_info_rank0(', '.join(stats))

    def _summary(self, values):
        if self._summary_dir is None:
            return
        this_summary = tf.Summary()
        writer = tf.summary.FileWriterCache.get(self._summary_dir)
        for tag, value in values.items():
            this_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)
            writer.add_summary(this_summary, self._step)
        writer.flush()
