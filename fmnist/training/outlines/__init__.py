"""What people draw from memory: shapes of each class as plain numbers, and how a hand draws them."""
