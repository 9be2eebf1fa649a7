#!/usr/bin/env python3
"""A contributor in Python: asks a human once, then asks the model, then writes a file.

Nothing but Python's own library. It reads one JSON document from standard input and prints one
(docs/agents.md); what it writes to standard error is its log. It works in the folder it is started in.
"""

import http.client
import json
import os
import socket
import sys


def log(text):
    print(text, file=sys.stderr)


def wait_for_a_human(question, checkpoint):
    json.dump({"question": question, "checkpoint": checkpoint}, sys.stdout)
    sys.exit(3)


class ModelConnection(http.client.HTTPConnection):
    """HTTP over the one Unix socket that leads out of the sandbox."""

    def __init__(self, path):
        super().__init__("model")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


def ask_model(model, prompt):
    connection = ModelConnection(os.environ["ASSENT_MODEL_SOCKET"])
    body = {"model": model["name"], "messages": [{"role": "user", "content": prompt}]}
    headers = {
        "authorization": "Bearer " + os.environ["OPENAI_API_KEY"],
        "content-type": "application/json",
    }
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    response = connection.getresponse()
    answer = json.load(response)
    if response.status != 200:
        raise RuntimeError("the model answered %d: %s" % (response.status, answer["error"]["message"]))
    return answer["choices"][0]["message"]["content"]


def main():
    given = json.load(sys.stdin)
    if given["version"] != 1:
        raise RuntimeError("this agent speaks version 1 of the protocol")
    brief = given["brief"]
    log("working on %s of %s" % (brief["item"], brief["repository"]))

    if given["answer"] is None:
        wait_for_a_human(
            "Should the notes be in English or in German?",
            {"files": brief["plan"]["files"]},
        )
    # Whatever was worked out before the question is in the checkpoint: nothing else was kept.
    files = given["checkpoint"]["files"]
    language = given["answer"]["text"]
    log("%s said: %s" % (given["answer"]["by"], language))

    text = "Notes, in %s.\n" % language
    if given["model"] is not None:
        text += ask_model(given["model"], given["prompt"]).strip() + "\n"
    for path in files:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    json.dump(
        {"title": "Add the notes", "summary": "Wrote %s, in %s." % (", ".join(files), language)},
        sys.stdout,
    )


main()
