"""Code like the document's that was found to be taken for it, or for something else."""

import pytest

from patcher.model import State
from tests.rule_check import RuleCheck, planned

main = RuleCheck("main-14")
MAIN = """\
def main(argv):
  params = dict()
  if FLAGS.mode == 'train':
    params['batch_size'] = FLAGS.train_batch_size
    {}
    train(params=params)
    {}
"""
SET = "params['every_n_iter'] = FLAGS.log_every_n_steps"


def test_a_parameter_that_is_set_when_all_have_been_read_is_not_there() -> None:
    assert main.outcome(MAIN.format(SET, "pass")).state is State.APPLIED
    assert main.outcome(MAIN.format("log(argv)", SET)).state is State.DRIFTED


@pytest.mark.parametrize(
    "line",
    ["p['every_n_iter'] = 5", "p['a'], p['every_n_iter'] = b", "p.__setitem__('every_n_iter', 5)"],
)
def test_a_parameter_that_another_function_sets_is_not_set_again(line: str) -> None:
    code = f"import a\n\ndef add(p):\n  {line}\n\n{MAIN.format('a()', 'b()')}"
    main.drifts(code, line=4, why="sets `'every_n_iter'` already")


HOOKS = """\
def _model_fn(params):
  training_hooks.extend([
    LoggingTensorHook(
      dict(utils.summaries), summary_dir=params['model_dir'],
      every_n_iter={}),
    ExamplesPerSecondEstimatorHook(
      params['batch_size'], every_n_steps=params['every_n_iter'],
      output_dir=params['model_dir'])
  ])
"""


@pytest.mark.parametrize("interval", ["100", "every", "params['other']"])
def test_what_an_edit_adds_is_there_as_it_adds_it(interval: str) -> None:
    section = RuleCheck("det_model_fn-7").section
    chosen = {"det_model_fn-4", "det_model_fn-7"}
    done = planned(section, HOOKS.format("params['every_n_iter']"), chosen)
    assert [outcome.state for outcome in done.outcomes] == [State.APPLIED] * 2
    other = planned(section, HOOKS.format(interval), chosen)
    assert all(outcome.state is State.DRIFTED for outcome in other.outcomes)


@pytest.mark.parametrize("condition", ["if argv:\n  ", "def define():\n  ", "class Flags:\n  "])
def test_a_flag_that_may_not_be_defined_is_not_read(condition: str) -> None:
    flag = "flags.DEFINE_integer('log_every_n_steps', 100, 'Steps.')\n"
    chosen = {"main-7", "main-14"}
    there = planned(main.section, f"{flag}{MAIN.format('a()', 'b()')}", chosen)
    assert there.outcomes[1].state is State.PENDING
    perhaps = planned(main.section, f"{condition}{flag}{MAIN.format('a()', 'b()')}", chosen)
    assert perhaps.outcomes[1].state is State.DRIFTED
