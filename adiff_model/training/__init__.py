"""Training in steps (ADIFF, section 4.3): unimodal pretraining, multimodal grounding, fine-tuning."""
