"""The words of the pages, each explained once, as plain data for the pages, the report and the shell."""

GLOSSARY = {
    "Accuracy": "The share of images that a model classifies correctly.",
    "Architecture": "The layers of a network, as in Deeper CNN. It says nothing about how the network is trained.",
    "Augmentation": "Small random changes to training images, such as shifts, which show a model more variety.",
    "Baseline": "A simple model that better ones should beat.",
    "Batch": "The few images that training looks at before each change of the weights.",
    "Calibration": "How well confidence agrees with accuracy: of answers with 80% confidence, 80% should be correct.",
    "Confidence": "The probability that a model gives to the class it predicts.",
    "Confidence interval": "A range that contains the true value in 95 of 100 repetitions. CI for short.",
    "Confusion matrix": "A table that counts how often each true class is predicted as each other class.",
    "Early stopping": "Training ends when the validation loss has not improved for some epochs.",
    "Ensemble": "Several runs whose probabilities are averaged. It is often better than each of its members.",
    "Epoch": "One pass of training over all training images.",
    "Expected calibration error": "The average gap between confidence and accuracy, over groups of similar confidence.",
    "F1": "One score for precision and recall together. It is high only if both are.",
    "Imported model": "Predictions of something trained elsewhere. Nobody here has seen its training.",
    "Latency": "The time that a model takes to classify one image.",
    "Loss": "How far predicted probabilities are from the true classes. Training makes it small. Lower is better.",
    "Model": "An architecture trained with a recipe, as in Deeper CNN (tuned), with all its seeds together.",
    "Multiply-adds": "How many multiplications a model needs to classify one image. Fewer are usually faster.",
    "Overfitting": "A model keeps improving on its training images while it gets worse on other images.",
    "Parameters": "The numbers that training adjusts, also called weights. More of them need more memory.",
    "Precision": "Of the images predicted as a class, the share that truly belongs to it.",
    "Recall": "Of the images that truly belong to a class, the share that the model finds.",
    "Recipe": "How a network is trained: optimizer, learning rate, augmentation and more, as in textbook or tuned.",
    "Run": "One training of a model with one seed.",
    "Seed": "The number that starts all randomness of a run. Other seeds give slightly different results.",
    "Significant": "Unlikely to be chance: equally good models would differ that much less than 5% of the time.",
    "Temperature": "A number that lowers or raises all confidences of a model. Predicted classes stay the same.",
    "Test set": "10,000 images that training never sees. They measure accuracy and choose nothing.",
    "Tied": "Two models are tied if their accuracies differ by less than a small margin, with 95% confidence.",
    "Unfamiliar": "A picture that is unlike the training images, and answers to it are unreliable.",
    "Validation set": "5,000 images kept out of training. They choose the best epoch and the temperature.",
}


def define(term: str) -> str:
    """Return the definition of a term, for a tooltip beside its first use; raises KeyError."""
    return GLOSSARY[term]
