"""The adversarial attacks: what they are called, how far they may change a pixel, and on which images they are made."""

ATTACKS = {"fgsm": "FGSM", "pgd": "PGD"}
"""The fast gradient sign method (Goodfellow et al. 2015), and projected gradient descent (Madry et al. 2018)."""
LEVELS = (1, 2, 4, 8, 16)
"""How far each pixel may change at most, in grey levels of 255."""
STEPS, SHARE = 10, 0.25
"""Steps of projected gradient descent, and how long each is: a share of how far a pixel may change."""
IMAGES = 1_000
SEED = 0
DEFINITION = 1
"""Counts the definitions: results of another one are measured again."""
