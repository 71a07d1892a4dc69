"""The broker: paho's own thread, and the embedded broker of the demo."""
