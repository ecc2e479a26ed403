"""Three hosts that really boot: what cfgbuild compiles, applied by the real Ignition, run by systemd and Docker.

`python -m cluster` from the folder above; `README.md` there says what is shown and what is not.
"""
