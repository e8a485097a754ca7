"""The pages that readers meet, one module each."""
