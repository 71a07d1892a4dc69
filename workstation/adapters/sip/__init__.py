"""The telephone: one supervised process owns pjsua2; the desk talks to it in JSON lines."""
