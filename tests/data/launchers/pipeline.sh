#!/usr/bin/env bash
# From raw dump to scores, end to end.
set -euo pipefail
python -m lab.crawl_pages --seeds seeds.txt --out raw/
python -m lab.minhash_dedup --input raw/ --output clean/
python -m lab.tokenize_shards --input clean/ --output tokens/
torchrun --nproc-per-node 8 lab/pretrain.py --data tokens/ --out base/
accelerate launch lab/finetune_sft.py --base base/ --out chat/
python -m lab.run_evals --model chat/
