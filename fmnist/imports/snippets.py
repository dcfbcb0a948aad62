"""Ten lines that write a file of predictions, for the libraries that people train with.

Each goes on from a trained `model`, and is shown with a button to copy it.
"""

KERAS = """\
import numpy as np
from keras.datasets import fashion_mnist

_, (images, _) = fashion_mnist.load_data()  # the 10,000 test images, in their official order
images = images[..., None] / 255  # as your model was trained
probs = model.predict(images, batch_size=256, verbose=0)
np.savez_compressed("my_model.npz", test_probs=probs)
"""

PYTORCH = """\
import numpy as np
import torch
from torchvision import datasets, transforms

test = datasets.FashionMNIST("data", train=False, download=True, transform=transforms.ToTensor())
loader = torch.utils.data.DataLoader(test, batch_size=256, shuffle=False)  # keep the official order
model.eval()
with torch.no_grad():
    logits = torch.cat([model(images) for images, _ in loader])
np.savez_compressed("my_model.npz", test_logits=logits.cpu().numpy())
"""

SCIKIT_LEARN = """\
import numpy as np
from fmnist.dataset import load_dataset

images = load_dataset().test_images  # the 10,000 test images, in their official order
images = images.reshape(len(images), -1) / 255  # as your model was trained
probs = np.zeros((len(images), 10))
probs[:, model.classes_.astype(int)] = model.predict_proba(images)
np.savez_compressed("my_model.npz", test_probs=probs)
"""

VALIDATION = """\
import numpy as np
from fmnist.dataset import split_indices

training, validation = split_indices()  # positions in the official training file
# Train on images[training] alone, predict images[validation] in this order, and save both:
np.savez_compressed("my_model.npz", test_probs=test_probs, val_probs=val_probs, val_indices=validation)
"""

SNIPPETS = {"Keras": KERAS, "PyTorch": PYTORCH, "scikit-learn": SCIKIT_LEARN}
