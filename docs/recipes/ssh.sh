#!/usr/bin/env bash
# Trains on the hosts in the file `hosts`, by SSH. README.md beside this file says more.
set -euo pipefail

options=(--stack stack --hostfile hosts --max-restarts 10)
arguments=(--mode=train --model_dir=model --training_file_pattern='coco/train-*' "$@")

effpatch train automl "${options[@]}" --check -- "${arguments[@]}"
exec effpatch train automl "${options[@]}" -- "${arguments[@]}"
