/** Runs once for each ref of a push, before it moves. */
export const updateHook = `#!/bin/sh
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
refuse() { echo "error: $1" >&2; exit 1; }
case "$ref" in
  refs/heads/*|refs/tags/*) ;;
  *) refuse "deny updating a hidden ref $ref" ;;
esac
if [ -n "$SIMULATOR_ONLY" ]; then
  case "$SIMULATOR_ONLY" in *" $ref "*) ;; *) refuse "permission to $ref denied: the pull request lends its own branch only" ;; esac
fi
case "$SIMULATOR_LOCKED" in *" $ref "*)
  refuse "GH006: Protected branch update failed for $ref. Changes must be made through a pull request." ;;
esac
if [ "$new" = "$zero" ]; then
  case "$SIMULATOR_NO_DELETE" in *" $ref "*) refuse "GH006: Protected branch update failed for $ref. Cannot delete this branch." ;; esac
  exit 0
fi
if [ "$old" != "$zero" ] && ! git merge-base --is-ancestor "$old" "$new"; then
  case "$SIMULATOR_NO_FORCE" in *" $ref "*) refuse "GH006: Protected branch update failed for $ref. Cannot force-push to this branch." ;; esac
fi
case "$SIMULATOR_SIGNATURES" in *" $ref "*)
  for commit in $(git rev-list "$old..$new"); do
    grep -qx "$commit" "$SIMULATOR_SIGNED" || refuse "GH006: Protected branch update failed for $ref. Commits must have verified signatures."
  done ;;
esac
if [ "$SIMULATOR_WORKFLOWS" = no ]; then
  changed=$(git log --format= --name-only "$new" --not --all -- .github/workflows | head -n 1)
  [ -z "$changed" ] || refuse "refusing to allow a GitHub App to create or update workflow '$changed' without 'workflows' permission"
fi
exit 0
`;
