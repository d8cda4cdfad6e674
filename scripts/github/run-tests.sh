#!/usr/bin/env bash
# Builds and runs one suite of the tests, one project after the other, on a machine that has the tools.
#
#   run-tests.sh SUITE [options]
#
# Suites: graph, sockets and e2e are the projects named below; rest is every other project under tests, so that none is left out.
#
# Options:
#   --engine ENGINE   aspire, which fails if no package source serves Aspire, or local; without it the engine is chosen as always
#   --limit TIME      for all of it, as timeout takes it (40m)
#   --list            print the suite's projects instead
#   --help            this text
#
# Results go to artifacts/test-results/SUITE, with all that was printed in console.log.
# GITHUB_STEP_SUMMARY, where set, is told each project's counts.
#
# Exit codes:
#   0    every project ran, at least one test each passed, and none failed
#   1    a test failed, or a project did not build or left no results
#   2    the time was over
#   64   called with wrong arguments
set -uo pipefail

readonly failed_code=1 late=2 usage=64

graph=(Distributed Recorder)
sockets=(Integration Integration.Fallback Client.Js)
e2e=(E2E)

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\nTry --help.\n' "$1" >&2
  exit "$usage"
}

projects_of() { # projects_of SUITE
  local project name
  case $1 in
    graph) printf 'ReplyX.%s.Tests\n' "${graph[@]}" ;;
    sockets) printf 'ReplyX.%s.Tests\n' "${sockets[@]}" ;;
    e2e) printf 'ReplyX.%s.Tests\n' "${e2e[@]}" ;;
    rest)
      for project in tests/*.Tests/*.Tests.csproj; do
        name=$(basename "$project" .csproj)
        [[ " ${graph[*]} ${sockets[*]} ${e2e[*]} " == *" $(sed 's/^ReplyX\.//; s/\.Tests$//' <<<"$name") "* ]] || echo "$name"
      done
      ;;
    *) wrong_usage "No such suite: $1." ;;
  esac
}

# Sums one attribute of the <Counters> elements of the files.
sum() { # sum ATTRIBUTE FILE...
  local attribute=$1
  shift
  grep -ho '<Counters [^>]*>' "$@" 2>/dev/null | grep -o " $attribute=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'
}

summarise() { [[ -z ${GITHUB_STEP_SUMMARY:-} ]] || printf '%s\n' "$1" >>"$GITHUB_STEP_SUMMARY"; }

run_project() { # run_project NAME
  local name=$1 code=0 passed failed skipped
  local results=$folder/$name
  printf '\n== %s\n' "$name"
  dotnet build "tests/$name" --verbosity quiet || return
  if [[ $engine == aspire && -z $(compgen -G 'artifacts/aspire/*.yes') ]]; then
    echo "No package source serves Aspire here, and --engine asks for it."
    return 1
  fi
  dotnet test --project "tests/$name" --no-build --report-xunit-trx --results-directory "$results" || code=$?
  passed=$(sum passed "$results"/*.trx)
  failed=$(($(sum failed "$results"/*.trx) + $(sum error "$results"/*.trx)))
  skipped=$(sum notExecuted "$results"/*.trx)
  echo "$name: $passed passed, $failed failed, $skipped skipped"
  summarise "| $name | $passed | $failed | $skipped |"
  ((code == 0 && failed == 0 && passed > 0))
}

run_suite() {
  local name bad=()
  summarise "| $suite | passed | failed | skipped |"$'\n''|---|---|---|---|'
  while IFS= read -r name; do
    run_project "$name" </dev/null || bad+=("$name")
  done < <(projects_of "$suite")
  ((${#bad[@]} == 0)) && return 0
  printf '\n== Not good:\n'
  printf '  %s\n' "${bad[@]}"
  return "$failed_code"
}

suite='' engine='' limit=40m list=''
arguments=("$@")
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --list) list=1 ;;
    --engine | --limit)
      (($# >= 2)) || wrong_usage "$1 needs a value."
      if [[ $1 == --engine ]]; then engine=$2; else limit=$2; fi
      shift
      ;;
    -*) wrong_usage "No such option: $1." ;;
    *)
      [[ -z $suite ]] || wrong_usage 'One suite at a time.'
      suite=$1
      ;;
  esac
  shift
done
[[ -n $suite ]] || wrong_usage 'Which suite?'
[[ $engine =~ ^(aspire|local|)$ ]] || wrong_usage "No such engine: $engine."
[[ $limit =~ ^[1-9][0-9]*[smh]$ ]] || wrong_usage "--limit is no time such as 40m: $limit."
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit "$usage"
folder=$PWD/artifacts/test-results/$suite

if [[ -n $list ]]; then
  projects_of "$suite"
  exit
fi
if [[ -z ${RUN_TESTS_INSIDE:-} ]]; then
  projects_of "$suite" >/dev/null || exit
  rm -rf "$folder" && mkdir -p "$folder" || exit "$failed_code"
  RUN_TESTS_INSIDE=1 timeout --kill-after=30 "$limit" bash "${BASH_SOURCE[0]}" "${arguments[@]}" 2>&1 | tee "$folder/console.log"
  code=${PIPESTATUS[0]}
  case $code in
    124 | 137)
      echo "The suite did not end within $limit."
      exit "$late"
      ;;
  esac
  exit "$code"
fi

[[ $engine != local ]] || export UseAspire=false
run_suite
