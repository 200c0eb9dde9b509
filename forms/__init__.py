"""What is asked: one form is one module and one definition. Nothing of ours is imported here."""
