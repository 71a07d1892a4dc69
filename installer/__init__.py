"""What is shipped is made here; nothing of it runs at the hub."""
