"""The receiver: its validation and a model of what it stores."""
