"""What every test shares: the layers of tests and the gates (programs that check what we made)."""

pytest_plugins = ["tests.layers", "tests.gates"]
