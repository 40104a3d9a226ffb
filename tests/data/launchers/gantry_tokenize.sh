#!/usr/bin/env bash
# Tokenize the new web dump into memory-mapped shards.
gantry run --workspace team/data --cluster team/cpu --cpus 64 --memory 400GiB \
  --budget team/research --weka team-default:/weka -- \
  python lab/tokenize_shards.py --tokenizer /weka/tok/bpe-100k.json --append-eod \
    --dtype uint32 --input /weka/web/*.jsonl.zst --output /weka/web-tokens --workers 64
