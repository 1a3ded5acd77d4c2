#!/usr/bin/env python3
"""Recomputes rows of a gauntlet evaluation with Python's transformers and compares likelihoods and generated text.

check-gauntlet.py FOLDER ROWS.jsonl [--most N]

FOLDER is the model that was evaluated, ROWS.jsonl what ./bandpass eval --rows wrote. The prompts are encoded here again:
preamble, context and continuation apart, cut from the left to min(2048, the model's context). At most N rows of a task are compared. Compared are the nats of each
option (1e-4 relative), of language modelling also whether all tokens are the most likely ones, and generated text token by
token. A line may instead hold ids: promptIds with either continuationIds, nats and allBest, or generatedIds. Where the two
best logits of a token differ by less than 1e-4, either choice is right. Exit 0: all agree. Exit 1: they do not. Exit 0, and
"skipped", where Python has no torch or no transformers.
"""
import argparse
import json
import sys
from collections import Counter

RELATIVE = 1e-4
NEAR_TIE = 1e-4
LONGEST = 2048


class Model:
    def __init__(self, folder):
        self.folder = folder
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        config = self.model.config
        context = getattr(config, "max_seq_len", None) or config.max_position_embeddings
        self.longest = min(LONGEST, context)
        self.tokenizer = None

    def encode(self, text, special=False):
        if self.tokenizer is None:
            self.tokenizer = AutoTokenizer.from_pretrained(self.folder)
        ids = self.tokenizer.encode(text, add_special_tokens=special)
        ends = special and len(ids) > 1 and ids[-1] == self.tokenizer.eos_token_id
        return ids[:-1] if ends else ids

    def logits(self, ids):
        with torch.inference_mode():
            return self.model(torch.tensor([ids]), use_cache=False).logits[0].double()

    def results(self, prompt, continuation):
        """Nats of each token of a continuation, and whether each is the most likely: true, false, or None at a near tie."""
        logits = self.logits((prompt + continuation)[:-1])[len(prompt) - 1:]
        wanted = torch.tensor(continuation).unsqueeze(1)
        nats = -logits.log_softmax(-1).gather(1, wanted).flatten()
        others = logits.scatter(1, wanted, float("-inf")).max(1).values
        margins = logits.gather(1, wanted).flatten() - others
        best = False if (margins < -NEAR_TIE).any() else None if (margins < NEAR_TIE).any() else True
        return nats, best

    def likely_next(self, prompt):
        """Yields the ids that may be the most likely next ones; takes the one to go on with."""
        ids, past = prompt, None
        while True:
            with torch.inference_mode():
                done = self.model(torch.tensor([ids]), past_key_values=past, use_cache=True)
            logits, past = done.logits[0, -1].double(), done.past_key_values
            ids = [(yield torch.nonzero(logits >= logits.max() - NEAR_TIE).flatten().tolist())]


class Check:
    def __init__(self, model):
        self.model = model
        self.worst = 0.0
        self.wrong = []
        self.compared = Counter()

    def nats(self, name, found, expected):
        difference = abs(found - expected) / max(abs(expected), 1e-2)
        self.worst = max(self.worst, difference)
        if not difference <= RELATIVE:
            self.wrong.append(f"{name}: {found} nats, {expected} in transformers")

    def best(self, name, found, expected):
        if expected is not None and found != expected:
            self.wrong.append(f"{name}: all tokens the most likely: {found}, {expected} in transformers")

    def generated(self, name, prompt, ids):
        answer = self.model.likely_next(prompt)
        for place, token in enumerate(ids):
            likely = next(answer) if place == 0 else answer.send(ids[place - 1])
            if token not in likely:
                self.wrong.append(f"{name}: new token {place} is {token}, {likely} in transformers")
                return

    def line_of_ids(self, name, line):
        if "generatedIds" in line:
            self.compared["generation by ids"] += 1
            self.generated(name, line["promptIds"], line["generatedIds"])
            return
        self.compared["continuation by ids"] += 1
        nats, best = self.model.results(line["promptIds"], line["continuationIds"])
        if len(nats) != len(line["nats"]):
            sys.exit(f"{name}: {len(line['nats'])} nats for {len(nats)} ids")
        for found, expected in zip(line["nats"], nats.tolist()):
            self.nats(name, found, expected)
        self.best(name, line["allBest"], best)

    def line_of_text(self, name, line):
        model = self.model
        preamble = model.encode(line["preamble"], special=True)
        contexts = [preamble + model.encode(context) for context in line["contexts"]]
        if line.get("answer") is not None:
            self.compared[line["type"]] += 1
            self.generated_text(name, contexts[0][line["tokensCut"]:], line["answer"])
            return
        continuations = [model.encode(continuation) for continuation in line["continuations"]]
        pairs = [(context, continuation) for context in contexts for continuation in continuations]
        if len(pairs) != len(line["options"]):
            sys.exit(f"{name}: {len(line['options'])} options, expected {len(pairs)}")
        self.compared[line["type"]] += 1
        for option, (context, continuation) in zip(line["options"], pairs):
            room = model.longest - len(continuation)
            nats, best = model.results(context[-room:], continuation)
            if option["tokens"] != len(continuation):
                self.wrong.append(f"{name}: {option['tokens']} tokens, {len(continuation)} in transformers")
            self.nats(name, option["nats"], nats.sum().item())
            if line["type"] == "language_modeling":
                self.best(name, line["correct"], best)

    def generated_text(self, name, prompt, text):
        model = self.model
        ids = []
        answer = model.likely_next(prompt)
        wanted = text.rstrip("\ufffd")
        if not wanted:
            likely = next(answer)
            if not any(model.tokenizer.decode([token], skip_special_tokens=True).rstrip("\ufffd") == "" for token in likely):
                self.wrong.append(f"{name}: no text was generated, {likely} in transformers")
            return
        while not model.tokenizer.decode(ids, skip_special_tokens=True).startswith(wanted):
            likely = answer.send(ids[-1]) if ids else next(answer)
            texts = [model.tokenizer.decode(ids + [token], skip_special_tokens=True) for token in likely]
            fits = [token for token, so_far in zip(likely, texts)
                    if so_far.startswith(wanted) or wanted.startswith(so_far.rstrip("\ufffd"))]
            if not fits or len(prompt) + len(ids) >= model.longest:
                self.wrong.append(f"{name}: generated {text!r}, {texts} in transformers")
                return
            ids.append(fits[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("rows")
    parser.add_argument("--most", type=int, help="most rows of a task")
    arguments = parser.parse_args()
    check = Check(Model(arguments.folder))
    seen = Counter()
    with open(arguments.rows, encoding="utf-8") as lines:
        for number, text in enumerate(lines, 1):
            line = json.loads(text)
            name = f"line {number}" + (f", {line['task']} row {line['row']}" if "task" in line else "")
            seen[line.get("task")] += 1
            if line.get("error") or arguments.most and seen[line.get("task")] > arguments.most:
                continue
            if "promptIds" in line:
                check.line_of_ids(name, line)
            else:
                check.line_of_text(name, line)
    print(f"{arguments.folder}: {dict(check.compared)}, largest relative difference {check.worst:.2e}")
    for wrong in check.wrong[:20]:
        print(wrong)
    if check.wrong or not check.compared:
        sys.exit(f"{len(check.wrong)} differences in {sum(check.compared.values())} rows")


if __name__ == "__main__":
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError as e:
        print(f"skipped: {sys.executable}: {e}; this check needs torch and transformers")
        sys.exit(0)
    main()
