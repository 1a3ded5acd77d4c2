#!/usr/bin/env python3
"""Loads a model folder with Python's transformers and compares likelihoods with those of Bandpass.

check-folder.py FOLDER [ORACLE.json]

ORACLE.json holds {"sequences": [{"input_ids": [...], "nll": [...]}]}, nll[i] = -ln p(input_ids[i + 1] | input_ids[0..i]) in
nats. Without it, sequences of random ids are scored by ./bandpass perplexity. Exit 0: all agree to 1e-3 nats a token, and
transformers found every tensor it expects and no other. Exit 1: they do not. Needs torch and transformers.
"""
import json
import os
import random
import subprocess
import sys

TOLERANCE = 1e-3


def scored_by_bandpass(folder, vocabulary, context):
    r = random.Random(1)
    rows = [[r.randrange(vocabulary) for _ in range(length)] for length in (2, 3, min(100, context), context)]
    lines = "".join(json.dumps({"id": str(i), "ids": ids}) + "\n" for i, ids in enumerate(rows))
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bandpass")
    done = subprocess.run(
        [program, "perplexity", "--model", folder, "--per-token", "--json", "-"],
        input=lines, stdout=subprocess.PIPE, text=True, check=True)
    said = {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}
    return [{"input_ids": ids, "nll": said[str(i)]["tokenNats"]} for i, ids in enumerate(rows)]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        import torch
        from transformers import AutoModelForCausalLM
    except ImportError as e:
        sys.exit(f"{sys.executable}: {e}; this check needs torch and transformers")
    folder = sys.argv[1]
    model, loading = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    wrong = {kind: sorted(map(str, names)) for kind, names in loading.items() if names}
    if wrong:
        sys.exit(f"{folder}: {wrong}")
    config = model.config
    context = getattr(config, "max_seq_len", None) or config.max_position_embeddings
    if len(sys.argv) == 3:
        with open(sys.argv[2]) as f:
            sequences = json.load(f)["sequences"]
    else:
        sequences = scored_by_bandpass(folder, config.vocab_size, context)
    worst = 0.0
    for sequence in sequences:
        ids = torch.tensor(sequence["input_ids"])
        with torch.no_grad():
            logits = model(ids.unsqueeze(0), use_cache=False).logits[0].double()
        expected = torch.nn.functional.cross_entropy(logits[:-1], ids[1:], reduction="none")
        found = torch.tensor(sequence["nll"], dtype=torch.float64)
        if found.shape != expected.shape:
            sys.exit(f"{folder}: {len(found)} likelihoods for {len(expected)} predicted ids")
        worst = max(worst, (expected - found).abs().max().item())
    print(f"{folder}: {len(sequences)} sequences, largest difference {worst:.2e} nats")
    if not worst <= TOLERANCE:
        sys.exit(1)


if __name__ == "__main__":
    main()
