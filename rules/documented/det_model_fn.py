"""det_model_fn.py: average gradients, broadcast weights and log, each only where asked for."""

from patcher.edits import if_test, import_from, statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="det_model_fn.py",
    path="efficientdet/det_model_fn.py",
    rules=(
        Rule(
            item=1,
            title="import horovod_enabled as well",
            before="from horovod_estimator import show_model, hvd",
            after="from horovod_estimator import show_model, hvd, horovod_enabled",
            edit=import_from(),
            why="The model function has to know whether Horovod runs.",
        ),
        Rule(
            item=2,
            title="average gradients only while Horovod runs",
            before="if not isinstance(optimizer, hvd._DistributedOptimizer):",
            after="if horovod_enabled():",
            edit=if_test(within="_model_fn", holding="DistributedOptimizer"),
            why="A one-card run trains with the plain optimizer.",
        ),
        Rule(
            item=3,
            title="broadcast the first weights only while Horovod runs",
            before="""\
init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
training_hooks = [init_weights_hook]
""",
            after="""\
if horovod_enabled():
  init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
  training_hooks = [init_weights_hook]
else:
  training_hooks = []
""",
            edit=statement(within="_model_fn"),
            why="A one-card run has nobody to broadcast to.",
        ),
        Rule(
            item=4,
            title="log every so many steps, as a parameter says",
            before="""\
logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'])
""",
            after="""\
logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'],
                                 every_n_iter=params['every_n_iter'])
""",
            edit=statement(within="_model_fn"),
            why="To allow logging after variable number of iterations set by parameter.",
        ),
        Rule(
            item=5,
            title="import the hook that counts examples per second",
            before="",
            after="from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook",
            edit=import_from(),
            why="The hook that det_model_fn-7 adds needs it.",
            deviation="The document names no place: it goes behind the module's imports.",
        ),
        Rule(
            item=6,
            title="log the loss under the tag that other models use",
            before="",
            after="utils.scalar('loss', total_loss)  # for consistency",
            edit=statement(within="_model_fn", after="utils.scalar('trainloss/loss', total_loss)"),
            why="Curves of different models can be laid over each other in TensorBoard.",
            deviation="The document names no place: it follows the other tag of the same loss.",
        ),
        Rule(
            item=7,
            title="log examples per second",
            before="""\
logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'],
                                 every_n_iter=params['every_n_iter'])
training_hooks.append(logging_hook)
""",
            after="""\
training_hooks.extend([
  LoggingTensorHook(
    dict(utils.summaries), summary_dir=params['model_dir'],
    every_n_iter=params['every_n_iter']),
  ExamplesPerSecondEstimatorHook(
    params['batch_size'], every_n_steps=params['every_n_iter'],
    output_dir=params['model_dir'])
])
""",
            edit=statement(within="_model_fn"),
            why="Logs examples/sec into TensorBoard.",
        ),
    ),
)
