#!/usr/bin/env python3
"""Makes small model folders of random shapes and switches with Python's transformers, each with an oracle.

make-folders.py DIR [--count N] [--seed S]

Each folder holds what transformers saved, perhaps rewritten in another spelling that it reads as well (older keys, no base
prefix, buffers, tied copies), and oracle.json: sequences of input_ids and their nll in nats, computed in float64 after the
folder was read back (nll[i] = -ln p(input_ids[i + 1] | input_ids[0..i])). Needs torch, transformers and safetensors.
"""
import argparse
import json
import os
import random

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, GPT2Config, GPTNeoXConfig, LlamaConfig, MptConfig

CONTEXT = 48
BASE_PREFIX = {"mpt": "transformer.", "gpt2": "transformer.", "gpt_neox": "gpt_neox.", "llama": "model."}
ACTIVATIONS = ["gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python", "silu", "relu"]


def mpt(r):
    heads = r.choice([1, 2, 3, 4, 5, 6, 7, 12])
    return MptConfig(
        d_model=heads * r.choice([4, 6, 8]), n_heads=heads, n_layers=r.choice([1, 2, 3]), max_seq_len=CONTEXT,
        vocab_size=r.choice([97, 200]), layer_norm_epsilon=r.choice([1e-5, 1e-3]), learned_pos_emb=r.random() < 0.5,
        tie_word_embeddings=r.random() < 0.7,
        attn_config={"clip_qkv": r.choice([None, 0.5, 6.0]), "softmax_scale": r.choice([None, None, 0.05, 1.0])})


def gpt2(r):
    heads = r.choice([1, 2, 3, 4, 5, 6])
    return GPT2Config(
        n_embd=heads * r.choice([4, 6, 8]), n_head=heads, n_layer=r.choice([1, 2, 3]), n_positions=CONTEXT,
        vocab_size=r.choice([97, 200]), n_inner=r.choice([None, 20, 33]), activation_function=r.choice(ACTIVATIONS),
        layer_norm_epsilon=r.choice([1e-5, 1e-3]), scale_attn_weights=r.random() < 0.6,
        scale_attn_by_inverse_layer_idx=r.random() < 0.4, reorder_and_upcast_attn=r.random() < 0.3,
        tie_word_embeddings=r.random() < 0.7)


def gpt_neox(r):
    heads = r.choice([1, 2, 3, 4, 5, 6])
    return GPTNeoXConfig(
        hidden_size=heads * r.choice([4, 6, 8, 12, 20]), num_attention_heads=heads, num_hidden_layers=r.choice([1, 2, 3]),
        max_position_embeddings=CONTEXT, vocab_size=r.choice([97, 200]), intermediate_size=r.choice([20, 33, 64]),
        hidden_act=r.choice(ACTIVATIONS), layer_norm_eps=r.choice([1e-5, 1e-3]), use_parallel_residual=r.random() < 0.5,
        attention_bias=r.random() < 0.7, tie_word_embeddings=r.random() < 0.3,
        rope_parameters={"rope_type": "default", "rope_theta": r.choice([10000.0, 500.0, 1e7]),
                         "partial_rotary_factor": r.choice([0.25, 0.25, 0.5, 1.0])})


def llama(r):
    key_heads = r.choice([1, 1, 2, 3])
    heads = key_heads * r.choice([1, 2, 3])
    size = r.choice([4, 6, 8])
    return LlamaConfig(
        hidden_size=heads * size, num_attention_heads=heads, num_key_value_heads=key_heads,
        head_dim=r.choice([None, size, 10, 16]), num_hidden_layers=r.choice([1, 2, 3]), max_position_embeddings=CONTEXT,
        vocab_size=r.choice([97, 200]), intermediate_size=r.choice([20, 33, 64]),
        hidden_act=r.choice(["silu", "silu"] + ACTIVATIONS), rms_norm_eps=r.choice([1e-6, 1e-5, 1e-3]),
        attention_bias=r.random() < 0.4, mlp_bias=r.random() < 0.4, tie_word_embeddings=r.random() < 0.5,
        rope_parameters={"rope_type": "default", "rope_theta": r.choice([10000.0, 500.0, 5e5, 1e7])})


def uneven(model, seed):
    """Weights under which every bias, norm, slope, rotation and mask moves the likelihood."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if p.dim() == 1:
                p.copy_(noise * 0.3 + (1.0 if "norm" in name or "ln_" in name else 0.0) * ("bias" not in name))
            else:
                p.copy_(noise * 1.2 / p.shape[-1] ** 0.5)


def tensors(folder):
    found = {}
    for file in sorted(os.listdir(folder)):
        if file.endswith(".safetensors"):
            with safe_open(os.path.join(folder, file), "pt") as f:
                found.update({k: f.get_tensor(k) for k in f.keys()})
    return found


def rewrite(folder, config, r):
    """Says the same in another spelling; returns what was done."""
    done = []
    path = os.path.join(folder, "config.json")
    told = json.load(open(path))
    if "rope_parameters" in told and r.random() < 0.5:
        rope = told.pop("rope_parameters")
        if told["model_type"] == "gpt_neox":
            told["rotary_pct"] = rope["partial_rotary_factor"]
            told["rotary_emb_base"] = int(rope["rope_theta"])
        else:
            told["rope_theta"] = rope["rope_theta"]
            told["rope_scaling"] = None
        done.append("older rope")
    if r.random() < 0.5:
        told["torch_dtype"] = told.pop("dtype")
        done.append("torch_dtype")
    if told["model_type"] == "gpt2" and r.random() < 0.3:
        for key, older in (("n_embd", "hidden_size"), ("n_head", "num_attention_heads"), ("n_layer", "num_hidden_layers"),
                           ("n_positions", "max_position_embeddings")):
            told[older] = told.pop(key)
        done.append("mapped names")
    if told["model_type"] == "mpt" and r.random() < 0.3:
        for key, older in (("d_model", "hidden_size"), ("n_heads", "num_attention_heads"), ("n_layers", "num_hidden_layers")):
            told[older] = told.pop(key)
        done.append("mapped names")
    json.dump(told, open(path, "w"), indent=2)
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        return done + ["sharded"]
    stored = tensors(folder)
    prefix = BASE_PREFIX[config.model_type]
    head = "embed_out.weight" if config.model_type == "gpt_neox" else "lm_head.weight"
    if config.tie_word_embeddings and r.random() < 0.4:
        embedding = next(k for k in stored if k.endswith(("wte.weight", "embed_in.weight", "embed_tokens.weight")))
        stored[head] = stored[embedding].clone()
        done.append("tied copy")
    if config.model_type == "gpt_neox" and head in stored and r.random() < 0.4:
        stored["lm_head.weight"] = stored.pop(head)
        done.append("lm_head")
    if r.random() < 0.4:
        add_buffers(stored, config, prefix)
        done.append("buffers")
    if r.random() < 0.4 and head not in stored and "lm_head.weight" not in stored:
        stored = {k.removeprefix(prefix): v for k, v in stored.items()}
        done.append("no prefix")
    save_file({k: v.contiguous() for k, v in stored.items()}, os.path.join(folder, "model.safetensors"), {"format": "pt"})
    return done


def add_buffers(stored, config, prefix):
    mask = torch.ones(1, 1, CONTEXT, CONTEXT, dtype=torch.bool).tril()
    for i in range(config.num_hidden_layers):
        if config.model_type == "gpt2":
            stored[f"{prefix}h.{i}.attn.bias"] = mask.clone()
            stored[f"{prefix}h.{i}.attn.masked_bias"] = torch.tensor(-1e4)
        if config.model_type == "gpt_neox":
            stored[f"{prefix}layers.{i}.attention.bias"] = mask.clone()
            stored[f"{prefix}layers.{i}.attention.masked_bias"] = torch.tensor(-1e9)
            stored[f"{prefix}layers.{i}.attention.rotary_emb.inv_freq"] = torch.ones(2)
        if config.model_type == "llama":
            stored[f"{prefix}layers.{i}.self_attn.rotary_emb.inv_freq"] = torch.ones(2)


def oracle(folder, r):
    # GPT-2's own eager path refuses float64 under reorder_and_upcast_attn; MPT has no other path.
    attention = "eager" if "mpt" in os.path.basename(folder) else "sdpa"
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention).double().eval()
    vocabulary = model.config.vocab_size
    sequences = []
    for length in (2, 3, 17, CONTEXT - 1, CONTEXT):
        ids = [r.randrange(vocabulary) for _ in range(length)]
        with torch.no_grad():
            logits = model(torch.tensor([ids]), use_cache=False).logits[0]
        nll = -torch.log_softmax(logits, -1)[:-1].gather(1, torch.tensor(ids[1:]).unsqueeze(1))[:, 0]
        sequences.append({"input_ids": ids, "nll": nll.tolist()})
    return {"sequences": sequences, "tolerance_nll": 2e-4, "producer": "transformers, float64"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for n in range(options.count):
        r = random.Random(f"{options.seed} {n}")
        make = (mpt, gpt2, gpt_neox, llama)[n % 4]
        config = make(r)
        model = AutoModelForCausalLM.from_config(config)
        uneven(model, r.randrange(1 << 30))
        dtype = r.choice([torch.float32, torch.float32, torch.bfloat16, torch.float16])
        folder = os.path.join(options.directory, f"{n:03d}-{config.model_type}")
        model.to(dtype).save_pretrained(folder, max_shard_size="6KB" if r.random() < 0.25 else "1GB")
        done = rewrite(folder, config, r)
        with open(os.path.join(folder, "oracle.json"), "w") as f:
            json.dump(oracle(folder, r), f)
        print(folder, dtype, *done)


if __name__ == "__main__":
    main()
