"""Stand-ins for citizens' devices and telephones: real MQTT and SIP clients with made-up lives."""
