"""The buttons and lights of a headset, over HID."""
