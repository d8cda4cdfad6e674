# What a release is called: its version names the commit. Sourced by what makes releases, never run.
# shellcheck shell=bash

# name_release NUMBER ALLOW_DIRTY: sets commit, dirty and version (1.0.0+COMMIT, or ….dirty) of the working tree in $repository.
name_release() {
  [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || wrong_usage '--version takes one such as 1.4.0 or 1.4.0-rc.1.'
  commit=$(git -C "$repository" rev-parse HEAD 2>/dev/null) || wrong_usage "$repository is no git working tree: a release names its commit."
  dirty=false
  version=$1+$commit
  if [[ -n $(git -C "$repository" status --porcelain) ]]; then
    [[ $2 == true ]] || wrong_usage 'The working tree has changes that are not committed: commit them, or --allow-dirty.'
    dirty=true
    version+=.dirty
  fi
}
