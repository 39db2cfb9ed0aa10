"""main.py: load the HPU, name the new defaults, and start Horovod only where asked to."""

from patcher.edits import (
    call_argument,
    comment_block,
    flag_default,
    if_statement,
    if_test,
    import_from,
    statement,
)
from patcher.model import Rule, Section

SECTION = Section(
    heading="main.py",
    path="efficientdet/main.py",
    rules=(
        Rule(
            item=1,
            title="import horovod_enabled as well",
            before="""\
from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd
""",
            after="""\
from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd, horovod_enabled
""",
            edit=import_from(),
            why="The script has to know whether Horovod runs.",
        ),
        Rule(
            item=2,
            title="load the Habana module before anything else runs",
            before="",
            after="""\
from TensorFlow.common import library_loader
library_loader.load_habana_module()
""",
            edit=statement(),
            why="For HPU support.",
            deviation="The document names no place: the import goes behind the module's imports, "
            "the call behind them all, before the first flag is defined.",
        ),
        Rule(
            item=3,
            title="do not use TPUs by default",
            before="flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')",
            after="flags.DEFINE_bool('use_tpu', False, 'Use TPUs rather than CPUs/GPUs')",
            edit=flag_default(),
            why="Changed default value to compiant with HPU.",
        ),
        Rule(
            item=4,
            title="name a default model folder",
            before="flags.DEFINE_string('model_dir', None, 'Location of model_dir')",
            after="flags.DEFINE_string('model_dir', 'train_model_dir', 'Location of model_dir')",
            edit=flag_default(),
            why="Set default value.",
        ),
        Rule(
            item=5,
            title="train 91 classes in float32 by default",
            before="flags.DEFINE_string('hparams', '',",
            after="flags.DEFINE_string('hparams', 'num_classes=91,use_bfloat16=false',",
            edit=flag_default(),
            why="Set default value to compiant with HPU.",
        ),
        Rule(
            item=6,
            title="train EfficientDet-D0 by default",
            before="flags.DEFINE_string('model_name', 'efficientdet-d1',",
            after="flags.DEFINE_string('model_name', 'efficientdet-d0',",
            edit=flag_default(),
            why="Changed default model variant to d0.",
        ),
        Rule(
            item=7,
            title="add flags for the intervals of logging and of checkpoints",
            before="",
            after="""\
flags.DEFINE_integer('log_every_n_steps', 100, 'Number of iterations after which '
                     'training parameters are logged.')
flags.DEFINE_integer('cp_every_n_steps', 600, 'Number of iterations after which '
                     'checkpoint is saved.')
""",
            edit=statement(after="flags.DEFINE_bool('eval_after_training', ...)"),
            why="Added parameters for logging and saving checkpoints every certain number "
            "of steps.",
            deviation="The document names no place: they follow the flags of training.",
        ),
        Rule(
            item=8,
            title="ask for the number of workers only while Horovod runs",
            before="os.environ['TF_GPU_THREAD_COUNT'] = '1' if hvd is None else str(hvd.size())",
            after="""\
os.environ['TF_GPU_THREAD_COUNT'] = '1' if not horovod_enabled() else str(hvd.size())
""",
            edit=statement(within="set_env"),
            why="A one-card run imports Horovod but never starts it.",
        ),
        Rule(
            item=9,
            title="choose a device by local rank only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="get_session_config", holding="visible_device_list"),
            why="A one-card run has no local rank.",
        ),
        Rule(
            item=10,
            title="share the cores between workers only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="get_session_config", holding="inter_op_parallelism_threads"),
            why="A one-card run has the machine to itself.",
        ),
        Rule(
            item=11,
            title="count one shard where Horovod does not run",
            before="""\
if hvd is not None:
    num_shards = hvd.size()
""",
            after="""\
if horovod_enabled():
    num_shards = hvd.size()
else:
    num_shards = 1
""",
            edit=if_statement(within="main"),
            why="A one-card run must not divide its steps by the number of TPU cores.",
        ),
        Rule(
            item=12,
            title="take the checkpoint interval from a flag",
            before="save_checkpoints_steps=600)",
            after="save_checkpoints_steps=FLAGS.cp_every_n_steps)",
            edit=call_argument(within="main", call="tf.estimator.RunConfig"),
            why="To allow saving checkpoints after variable number of iterations set by parameter.",
        ),
        Rule(
            item=13,
            title="remove the commented-out TPU estimator",
            before="""\
# train_estimator = tf.estimator.tpu.TPUEstimator(
#     model_fn=model_fn_instance,
#     use_tpu=FLAGS.use_tpu,
#     train_batch_size=FLAGS.train_batch_size,
#     config=run_config,
#     params=params)
""",
            after="",
            edit=comment_block(within="main"),
            why="The code was commented out.",
        ),
        Rule(
            item=14,
            title="hand the logging interval to the model",
            before="",
            after="params['every_n_iter'] = FLAGS.log_every_n_steps",
            edit=statement(within="main", after="params['batch_size'] = FLAGS.train_batch_size"),
            why="To allow logging after variable number of iterations set by parameter.",
            deviation="The document names no place: it follows the parameter set before it.",
        ),
        Rule(
            item=15,
            title="remove the commented-out evaluation",
            before="""\
# if FLAGS.eval_after_training:
#   # Run evaluation after training finishes.
#   eval_params = dict(
#       params,
#       use_tpu=False,
#       input_rand_hflip=False,
#       is_training_bn=False,
#       use_bfloat16=False,
#   )
#   eval_estimator = tf.estimator.tpu.TPUEstimator(
#       model_fn=model_fn_instance,
#       use_tpu=False,
#       train_batch_size=FLAGS.train_batch_size,
#       eval_batch_size=FLAGS.eval_batch_size,
#       config=run_config,
#       params=eval_params)
#   eval_results = eval_estimator.evaluate(
#       input_fn=dataloader.InputReader(FLAGS.validation_file_pattern,
#                                       is_training=False),
#       steps=FLAGS.eval_samples//FLAGS.eval_batch_size)
#   logging.info('Eval results: %s', eval_results)
#   ckpt = tf.train.latest_checkpoint(FLAGS.model_dir)
#   utils.archive_ckpt(eval_results, eval_results['AP'], ckpt)
""",
            after="",
            edit=comment_block(within="main"),
            why="The code was commented out.",
        ),
        Rule(
            item=16,
            title="import the writer of hyper-parameters",
            before="",
            after="from TensorFlow.common.tb_utils import write_hparams_v1",
            edit=import_from(),
            why="The call that main-17 adds needs it.",
            deviation="The document names no place: it goes behind the module's imports.",
        ),
        Rule(
            item=17,
            title="write the hyper-parameters for TensorBoard",
            before="",
            after="write_hparams_v1(FLAGS.model_dir, FLAGS.flag_values_dict())",
            edit=statement(within="main", after="run_config = tf.estimator.RunConfig(...)"),
            why="Runs can be told apart and compared in TensorBoard.",
            deviation="The document names no place: it follows the training configuration.",
        ),
    ),
)
