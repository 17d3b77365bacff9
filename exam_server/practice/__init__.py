"""Before the day: practice on the real runner, and a check of the device it will run on."""
