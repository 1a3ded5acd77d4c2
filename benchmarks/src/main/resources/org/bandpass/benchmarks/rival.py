"""The same work in Python, one measurement for each line on standard input: prints seconds and the mean nll.

rival.py score|train FOLDER fp32|bf16 ROWS TOKENS
"""
import random
import sys
import time

import torch
from transformers import AutoModelForCausalLM

mode, folder, dtype, rows, tokens = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
bf16 = dtype == "bf16"
stored = torch.bfloat16 if bf16 and mode == "score" else torch.float32
try:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=stored, attn_implementation="sdpa")
except ValueError:  # a family without it, as mpt
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=stored, attn_implementation="eager")
ids = torch.tensor([int(i) for i in sys.stdin.readline().split()]).view(rows, tokens + 1)


def nats(reduction):
    logits = model(ids[:, :-1], use_cache=False).logits
    return torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), ids[:, 1:].flatten(), reduction=reduction)


def score():
    with torch.inference_mode():
        return nats("none").view(rows, tokens).sum(1).sum() / (rows * tokens)


def train():
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        loss = nats("mean")
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach()


if mode == "train":
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), fused=True)
work = score if mode == "score" else train
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    mean = float(work())
    print(time.perf_counter() - start, mean, flush=True)
