#!/usr/bin/env bash
# The experiment of `bandpass run --minutes 1` with one process per program, as on your own cluster:
#   docs/step-by-step.sh DIR FILE...
# It starts a broker with its topics in DIR. If BOOTSTRAP_SERVERS is set, it uses that cluster instead.
# BANDPASS is the command (default: ./bandpass of this checkout). The same files and seed give the same documents, scores
# and bands as `bandpass run --minutes 1 --input FILE...`.
set -euo pipefail
out=$1
shift
bandpass=${BANDPASS:-"$(dirname "${BASH_SOURCE[0]}")/../bandpass"}
seed=${SEED:-17}
reference_tokens=${REFERENCE_TOKENS:-45000} # the budget of the reference model with --minutes 1
final_tokens=${FINAL_TOKENS:-28500}          # and that of the control and of each band
mkdir -p "$out"

background=()
require_background() { # without these programs the script would wait for ever
  local process
  for process in "${background[@]}"; do
    kill -0 "$process" 2>/dev/null || { echo "step-by-step: a program in the background has ended" >&2; exit 1; }
  done
}
trap 'for process in "${background[@]}"; do kill "$process" 2>/dev/null || true; wait "$process" 2>/dev/null || true; done' EXIT

servers=${BOOTSTRAP_SERVERS:-}
if [ -z "$servers" ]; then
  $bandpass broker --port "${PORT:-9092}" --data "$out/broker" >"$out/broker.address" &
  background=($!)
  until [ -s "$out/broker.address" ]; do require_background; sleep 0.2; done
  servers=$(cat "$out/broker.address")
fi
kafka=(--bootstrap-servers "$servers")

train() { # run, tokens, options that name the data
  local run=$1 tokens=$2
  shift 2
  $bandpass train "${kafka[@]}" --run "$run" "$@" --tokenizer "$out/tokenizer" --preset tiny --tokens "$tokens" \
    --seed "$seed" --out "$out/runs/$run"
}

# Follows training-runs and evaluates each finished run.
$bandpass eval "${kafka[@]}" --wait-for-topics --set eval.held.out.bytes=65536 &
background=($! "${background[@]}")

$bandpass ingest "${kafka[@]}" --name run --seed "$seed" "$@"
$bandpass tokenizer "${kafka[@]}" --vocabulary 2048 --out "$out/tokenizer"
train reference "$reference_tokens" --reference
$bandpass score "${kafka[@]}" --model "$out/runs/reference/model" --max-windows "${MAX_WINDOWS:-0}" --until-caught-up
$bandpass calibrate "${kafka[@]}" --state-dir "$out/state" --until-caught-up
$bandpass cuts freeze "${kafka[@]}" --plan run --bands low,medium,high --rate 0.5
$bandpass select "${kafka[@]}" --plan run --state-dir "$out/state" --until-caught-up
train control "$final_tokens" --control
for band in low medium high; do train "$band" "$final_tokens" --plan run --band "$band"; done

until $bandpass lag "${kafka[@]}" --json | grep -q '"program":"eval".*"lag":0,'; do require_background; sleep 1; done
mkdir -p "$out/stages"
$bandpass audit "${kafka[@]}" --plan run --json >"$out/stages/audit.json"
$bandpass report "${kafka[@]}" --plan run --out "$out"
