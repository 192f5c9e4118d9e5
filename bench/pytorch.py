"""The benchmark's cases in PyTorch: same weights, same batches, same steps. Reads one JSON object a line, answers with one.

A request sets the number of threads, or names a folder with `case.json` and raw arrays, written by `pytorch.ts`: one step is timed.
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


class Case:
    def __init__(self, folder):
        with open(f"{folder}/case.json") as file:
            self.about = json.load(file)
        read = lambda entry: np.fromfile(f"{folder}/{entry['file']}", dtype=entry["type"]).reshape(entry["shape"])
        self.parameters = {
            name: torch.tensor(read(entry), requires_grad=entry["trained"]) for name, entry in self.about["parameters"].items()
        }
        self.arrays = {name: torch.tensor(read(entry)) for name, entry in self.about["arrays"].items()}
        for name in ("items", "positives", "negatives"):
            if name in self.arrays:
                self.arrays[name] = self.arrays[name].long()
        # Convolution kernels once in PyTorch's own layout [out, in, tap], so that no step pays for a transposition.
        for name, tensor in list(self.parameters.items()):
            if name.endswith("kernel"):
                own = tensor.detach().permute(2, 1, 0).contiguous().requires_grad_(tensor.requires_grad)
                self.parameters[name] = own
        trained = [p for p in self.parameters.values() if p.requires_grad]
        self.optimiser = torch.optim.Adam(trained, lr=self.about["learningRate"], eps=1e-8) if trained else None

    def branch(self, x, prefix, dilation):
        p = lambda name: self.parameters[f"{prefix}.{name}"]
        for i in (1, 2):
            pad = 2 * dilation * i
            x = F.conv1d(F.pad(x, (pad, 0)), p(f"conv{i}.kernel"), p(f"conv{i}.bias"), dilation=dilation * i)
            x = F.layer_norm(x.transpose(1, 2), x.shape[1:2], p(f"norm{i}.gamma"), p(f"norm{i}.beta"), 1e-8).relu().transpose(1, 2)
        return x

    def trunk(self, items, gates=None, prefix="blocks", dilations=None, table="item_embedding"):
        x = F.embedding(items, self.parameters[table]).transpose(1, 2)
        for l, dilation in enumerate(dilations or self.about["dilations"]):
            y = self.branch(x, f"{prefix}.{l}", dilation)
            if gates is not None:
                g = gates[:, l, None, None]
                y = (1 - g) * y + g * self.branch(x, f"tuned_blocks.{l}", dilation)
            x = x + y
        return x

    def gates(self, items):
        hidden = self.trunk(items, None, "policy.blocks", [1, 4], "policy.item_embedding")[:, :, -1]
        logits = hidden @ self.parameters["policy.output.weight"].T + self.parameters["policy.output.bias"]
        if self.about["task"] == "uaf-soft":
            return torch.sigmoid(logits)
        pairs = logits.view(len(items), -1, 2)
        noisy = pairs[..., 1] - pairs[..., 0] + self.arrays["noise"]
        soft = torch.sigmoid(noisy / self.about["temperature"])
        return (noisy > 0).float() + soft - soft.detach()

    def loss(self):
        items = self.arrays["items"]
        if self.about["task"] == "pre-training":
            hidden = self.trunk(items[:, :-1])
            logits = hidden.transpose(1, 2).reshape(-1, hidden.shape[1]) @ self.parameters["output.weight"].T
            return F.cross_entropy(logits + self.parameters["output.bias"], items[:, 1:].reshape(-1))
        users = self.users(items)
        score = lambda y: (users * F.embedding(y, self.parameters["target.weight"])).sum(1) + self.parameters["target.bias"][y]
        return F.softplus(score(self.arrays["negatives"]) - score(self.arrays["positives"])).mean()

    def users(self, items):
        gated = self.about["task"].startswith("uaf")
        return self.trunk(items, self.gates(items) if gated else None)[:, :, -1]

    def step(self):
        if self.about["task"] == "evaluation":
            with torch.no_grad():
                scores = self.users(self.arrays["items"]) @ self.parameters["target.weight"].T + self.parameters["target.bias"]
                own = scores.gather(1, self.arrays["positives"][:, None])
                return (1 + (scores > own).sum(1)).float().mean().item()
        self.optimiser.zero_grad()
        loss = self.loss()
        loss.backward()
        self.optimiser.step()
        return loss.item()


cases = {}
for line in sys.stdin:
    request = json.loads(line)
    if "threads" in request:
        torch.set_num_threads(request["threads"])
        oneDnn = "oneDNN" if torch.backends.mkldnn.is_available() else "no oneDNN"
        print(json.dumps({"version": torch.__version__, "oneDnn": oneDnn}), flush=True)
        continue
    folder = request["folder"]
    if folder not in cases:
        cases[folder] = Case(folder)
    started = time.perf_counter()
    loss = cases[folder].step()
    print(json.dumps({"loss": loss, "milliseconds": 1000 * (time.perf_counter() - started)}), flush=True)
