"""Evaluation rows in a plain loop over transformers, one measurement for each line on standard input.

rival-eval.py FOLDER; the first line names the file of the rows, each later one a kind. Prints seconds, and the mean of the
nats or of the new ids. Texts go through the model in file order, 16 at once, padded to the longest.
"""
import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

BATCH = 16

folder = sys.argv[1]
try:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa")
except ValueError:  # a family without it, as mpt
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
with open(sys.stdin.readline().strip()) as f:
    kinds = json.load(f)


def score(texts):
    nats = []
    for at in range(0, len(texts), BATCH):
        some = texts[at:at + BATCH]
        longest = max(len(prompt) + len(continuation) for prompt, continuation in some)
        ids = torch.zeros([len(some), longest], dtype=torch.long)
        mask = torch.zeros([len(some), longest], dtype=torch.long)
        for row, (prompt, continuation) in enumerate(some):
            ids[row, :len(prompt) + len(continuation)] = torch.tensor(prompt + continuation)
            mask[row, :len(prompt) + len(continuation)] = 1
        logits = model(ids, attention_mask=mask, use_cache=False).logits
        for row, (prompt, continuation) in enumerate(some):
            wanted = logits[row, len(prompt) - 1:len(prompt) + len(continuation) - 1].log_softmax(-1)
            nats.append(-wanted.gather(1, torch.tensor(continuation).unsqueeze(1)).flatten())
    return torch.cat(nats).double().mean()


def generate(prompts, new_tokens):
    answers = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        answer = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, min_new_tokens=new_tokens,
            do_sample=False, num_beams=1, pad_token_id=0)
        answers.append(answer[0, len(prompt):])
    return torch.cat(answers).double().mean()


print("ready", flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        rows = kinds[line.strip()]
        start = time.perf_counter()
        mean = generate(rows["prompts"], rows["newTokens"]) if rows["prompts"] else score(rows["texts"])
        print(time.perf_counter() - start, float(mean), flush=True)
