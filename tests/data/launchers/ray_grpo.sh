#!/usr/bin/env bash
set -euxo pipefail
ray start --head --num-gpus 8
export VLLM_ATTENTION_BACKEND=FLASH_ATTN

ray job submit --address http://127.0.0.1:8265 -- python -m lab.train_grpo \
  actor.learning_rate=1e-6 actor.clip_ratio=0.2 actor.use_kl_loss=true \
  rollout.n=8 rollout.temperature=1.0 rollout.gpu_memory_utilization=0.6 \
  algorithm.kl_coef=0.001 data.train_batch_size=1024 data.max_response_length=4096 \
  trainer.total_epochs=15 reward.name=math_verify
