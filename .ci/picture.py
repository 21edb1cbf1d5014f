"""Plays a run of the console in a tmux server, whose name is the argument, and
prints what was on the screen as an asciicast (version 2)."""

import json
import subprocess
import sys
import time

server = sys.argv[1]
# Each scene: what is waited for, the keys that answer it, how often to look
# meanwhile, in seconds, and how long a look is shown.
scenes = [
    ("no account needed", "Enter", 1, 1.2),
    ("Region for side A", "Enter", 1, 1.0),
    ("name is free", "Enter", 1, 0.8),
    ("Region for side B", "Enter", 1, 0.8),
    ("name is free", "Enter", 1, 0.8),
    ("What replicates", "Enter", 1, 1.0),
    ("Apply these 10 changes?", None, 1, 3.0),
    ("Apply these 10 changes?", "y", 1, 0.2),
    ("All 10 steps done", None, 1, 0.25),
    ("All 10 steps done", "Enter", 1, 2.0),
    ("What to measure", "Enter", 1, 2.0),
    ("round 12 of 12", None, 2.5, 0.35),
    ("takes", None, 2.5, 3.0),
    ("takes", "v", 1, 1.5),
    ("over time", None, 1, 3.5),
    ("over time", "v", 1, 1.5),
    ("histogram", None, 1, 3.5),
]


def screen(escapes=True):
    command = ["tmux", "-L", server, "capture-pane", "-p"] + (["-e"] if escapes else [])
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


shown, last = 0.0, None
print(json.dumps({"version": 2, "width": 100, "height": 30}))
for text, keys, every, hold in scenes:
    deadline = time.monotonic() + 300
    while True:
        frame = screen()
        if frame != last:
            print(json.dumps([round(shown, 2), "o", "\x1b[H\x1b[2J" + frame.rstrip("\n").replace("\n", "\r\n")]))
            last = frame
            shown += hold
        if text in screen(escapes=False):
            break
        if time.monotonic() > deadline:
            sys.exit(f"the screen never said {text!r}:\n{screen(escapes=False)}")
        time.sleep(every)
    if keys:
        subprocess.run(["tmux", "-L", server, "send-keys", keys], check=True)
        time.sleep(0.4)
