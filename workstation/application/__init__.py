"""The use cases of the hub, and the ports through which they reach the world."""
