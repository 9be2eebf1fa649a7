#!/bin/sh
# A contributor in shell that asks a human first: exit 3 with a question and a checkpoint; it is started again with both and
# the answer. It finds the answer without a JSON parser, which is enough to show the protocol and not enough for work.
set -eu

brief=$(cat)

case $brief in
*'"answer":null'*)
  echo "nobody has answered yet" >&2
  printf '%s' '{"question": "Which colour?", "checkpoint": {"asked": ["colour"]}}'
  exit 3
  ;;
esac

colour=$(printf '%s' "$brief" | sed -n 's/.*"answer":{"by":"[^"]*","text":"\([a-z]*\).*/\1/p')
printf '%s\n' "$colour" > colour.txt
printf '{"title": "Add the colour", "summary": "It is %s."}' "$colour"
