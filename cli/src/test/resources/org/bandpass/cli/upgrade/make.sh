#!/usr/bin/env bash
# Makes the fixture of UpgradeIT with a built checkout of the version that is upgraded from, which BANDPASS_CHECKOUT names:
#   make.sh DIR
# DIR then holds broker/ and model/; with the input (a folder of its own, because progress is kept by path) they are zipped.
# The input is two JSON-lines files of made-up words, 40 and 20 documents. The model has random weights: MPT, 280 tokens,
# width 16, one layer, two heads, context 64, seed 5, initialised by ModelFolder.initialise, its tokenizer trained by
# BytePairTrainer on some of the words.
set -euo pipefail
out=$1
input=/tmp/bandpass-fixture-0.1.0/input
bandpass=$BANDPASS_CHECKOUT/bandpass
export BANDPASS_TOPIC_PARTITIONS=1
touch -d 2026-01-01T00:00:00Z "$input"/*
$bandpass broker --port 28471 --data "$out/broker" >"$out/address" &
broker=$!
until [ -s "$out/address" ]; do sleep 0.3; done
kafka=(--bootstrap-servers "$(cat "$out/address")")
shares=(--set ingest.split.held.out.share=0.15 --set ingest.split.reference.share=0.25)
$bandpass ingest "${kafka[@]}" --name main "${shares[@]}" "$input/first.jsonl" "$input/growing.jsonl"
$bandpass score "${kafka[@]}" --model "$out/model" --until-caught-up
$bandpass calibrate "${kafka[@]}" --state-dir "$out/state" --until-caught-up
$bandpass cuts freeze "${kafka[@]}" --plan frozen --bands low,high --rate 0.5
$bandpass select "${kafka[@]}" --plan frozen --state-dir "$out/state" --until-caught-up
train() { $bandpass train "${kafka[@]}" --run "$1" --control --tokenizer "$out/model" --preset tiny --tokens "$2" --out "$out/$1"; }
train done 4096
$bandpass eval "${kafka[@]}" --once done
train killed 400000 &
training=$!
until $bandpass lag "${kafka[@]}" --json | grep -q 'trainer.killed.*training, step'; do sleep 0.5; done
pkill -9 -P $training || true
kill -9 $training || true
sleep 12 # its transaction ends
kill $broker
wait $broker || true
