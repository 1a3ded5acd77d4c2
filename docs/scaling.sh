#!/usr/bin/env bash
# Documents/s and tokens/s of one scorer and of two that share the partitions:
#   docs/scaling.sh DIR THREADS FILE...
# THREADS is what one scorer has for its products, for example the machine's cores; two have half of them each. Prints a
# line for one process with half of them, one with all, and two. BANDPASS names the command (./bandpass unless set).
set -euo pipefail
out=$1
threads=$2
shift 2
bandpass=${BANDPASS:-"$(dirname "${BASH_SOURCE[0]}")/../bandpass"}
mkdir -p "$out"

$bandpass broker --port "${PORT:-9092}" --data "$out/broker" >"$out/broker.address" &
broker=$!
trap 'kill $broker; wait $broker || true' EXIT
until [ -s "$out/broker.address" ]; do kill -0 $broker; sleep 0.2; done
servers=$(cat "$out/broker.address")

model="$out/run/model"
score() { # name, processes, threads of each
  local kafka=(--bootstrap-servers "$servers" --set "topic.prefix=$1.") job jobs=()
  $bandpass ingest "${kafka[@]}" "${files[@]}" >/dev/null
  for ((job = 0; job < $2; job++)); do
    OMP_NUM_THREADS=$3 $bandpass score "${kafka[@]}" --model "$model" --max-windows 1 --until-caught-up --json \
      --set "scorer.tokenizer.threads=$3" >"$out/$1-$job.json" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
  echo "$2 process(es) with $3 thread(s) each:"
  cat "$out/$1"-*.json
}

files=("$@")
kafka=(--bootstrap-servers "$servers" --set topic.prefix=model.)
$bandpass ingest "${kafka[@]}" "${files[@]}" >/dev/null
$bandpass tokenizer "${kafka[@]}" --vocabulary 4096 --out "$out/tokenizer"
$bandpass train "${kafka[@]}" --run speed --reference --tokenizer "$out/tokenizer" --preset small --tokens 20000 --out "$out/run"

score half 1 $((threads / 2))
score one 1 "$threads"
score two 2 $((threads / 2))
