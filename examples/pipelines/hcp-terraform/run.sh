#!/bin/sh
# Runs the artifact of environments/pack.sh in a workspace of HCP Terraform or Terraform Enterprise, by their API.
#
#   run.sh check <workspace> <artifact> <environment>   plans and applies nothing: for pull requests
#   run.sh plan  <workspace> <artifact> <environment>   plans, keeps the plan and prints the id of its run
#   run.sh apply <run>                                  applies exactly that plan
#
#   TFE_TOKEN               a team's token that may plan, and apply for apply; it is never printed
#   TF_CLOUD_ORGANIZATION   for check and plan
#   TFE_ADDRESS             default https://app.terraform.io
#   TIMEOUT_SECONDS         how long to wait for a run, default 3600
#   POLL_SECONDS            between two looks at it, default 5
#
# Ends with 0; with 1 where something is wrong with the call; with 2 where the run failed, was refused or has nothing left
# to apply; with 3 where it takes longer than TIMEOUT_SECONDS. Needs sh, curl, jq and tar, no Node and no Terraform.
set -eu
set +x # a trace would show the token

fail() {
  printf '\n%s\n    mend:    %s\n\n' "$1" "$2" >&2
  exit "${3:-1}"
}

say() {
  printf '%s\n' "$*" >&2
}

# call <method> <path> [<body file>]: the answer is in $folder/answer, its status in $status
call() {
  method=$1
  path=$2
  shift 2
  [ $# -eq 0 ] || set -- --header 'Content-Type: application/vnd.api+json' --data "@$1"
  # a look can be repeated, an order cannot
  [ "$method" != GET ] || set -- "$@" --retry 4
  # the token goes through a pipe: arguments are seen by everyone on the machine
  status=$(
    printf 'header = "Authorization: Bearer %s"\n' "$TFE_TOKEN" |
      curl --config - --silent --show-error --max-time 60 --request "$method" \
        --output "$folder/answer" --write-out '%{http_code}' "$@" "$TFE_ADDRESS/api/v2$path"
  ) || fail "$TFE_ADDRESS does not answer" "see what curl says above; TFE_ADDRESS names the server"
  case $status in
    2*) return ;;
    401) fail "$TFE_ADDRESS does not know the token (401)" "set TFE_TOKEN to a team's or user's token that has not expired" ;;
    404) fail "$TFE_ADDRESS has no $path, or does not show it to this token (404)" \
      "compare the names of organization, workspace and run, and the permissions of the token's team" ;;
  esac
  fail "$TFE_ADDRESS answered $status to $method $path: $(errors)" "see what it says"
}

errors() {
  jq -r '[.errors[]? | [.title, .detail] | map(select(. != null)) | join(": ")] | join("; ")' "$folder/answer" 2> "$folder/ignored" || :
}

answer() {
  jq -r "$1" "$folder/answer"
}

# what a workspace wants: the stack, the provider lock file and the variables of one environment
archive() {
  mkdir "$folder/stack"
  tar -xzf "$1" -C "$folder/stack" || fail "$1 is no archive" "give what environments/pack.sh made"
  [ -f "$folder/stack/cdk.tf.json" ] || fail "$1 holds no stack" "give what environments/pack.sh made"
  [ -f "$folder/stack/$2.tfvars.json" ] || fail "$1 holds no $2.tfvars.json" "name an environment that environments/ has a file of"
  mv "$folder/stack/$2.tfvars.json" "$folder/variables"
  rm -f "$folder/stack"/*.tfvars.json "$folder/stack"/*.tfbackend "$folder/stack/backend.tf"
  mv "$folder/variables" "$folder/stack/$2.auto.tfvars.json"
  tar -czf "$folder/configuration.tar.gz" -C "$folder/stack" .
}

upload() {
  jq -n --argjson speculative "$2" \
    '{data: {type: "configuration-versions", attributes: {"auto-queue-runs": false, speculative: $speculative}}}' > "$folder/body"
  call POST "/workspaces/$1/configuration-versions" "$folder/body"
  configuration=$(answer .data.id)
  # who has this address can write there: it is not printed, and the token is not sent to it
  answer '"url = \"" + .data.attributes["upload-url"] + "\""' > "$folder/target"
  code=$(curl --config "$folder/target" --silent --max-time 300 --request PUT --header 'Content-Type: application/octet-stream' \
    --data-binary "@$folder/configuration.tar.gz" --output "$folder/ignored" --write-out '%{http_code}') || code=none
  case $code in
    2*) ;;
    *) fail "the upload of the configuration failed (status $code)" "run it again; an archive may have 100 MiB at most" ;;
  esac
  begin_waiting
  while :; do
    call GET "/configuration-versions/$configuration"
    case $(answer .data.attributes.status) in
      uploaded) return ;;
      errored) fail "HCP Terraform cannot read the configuration: $(answer '.data.attributes["error-message"] // "no reason given"')" \
        "give what environments/pack.sh made" ;;
    esac
    wait_or_give_up "the configuration $configuration is not taken in"
  done
}

begin_waiting() {
  deadline=$(($(date +%s) + TIMEOUT_SECONDS))
}

wait_or_give_up() {
  [ "$(date +%s)" -lt "$deadline" ] ||
    fail "$1 after $TIMEOUT_SECONDS s" "look at it there, it goes on; or wait longer with TIMEOUT_SECONDS" 3
  sleep "$POLL_SECONDS"
}

# follow <status>...: until the run has one of these, or can come to none of them any more
follow() {
  begin_waiting
  shown=
  while :; do
    call GET "/runs/$run?include=plan"
    now=$(answer .data.attributes.status)
    [ "$now" = "$shown" ] || say "  $now"
    shown=$now
    for wanted in "$@"; do
      [ "$now" != "$wanted" ] || return 0
    done
    case $now in
      errored) fail "the run $run failed" "see why: $page" 2 ;;
      canceled | force_canceled | discarded) fail "the run $run was ${now#force_}" "see by whom: $page" 2 ;;
      policy_override | policy_soft_failed) fail "a policy refuses the run $run ($now)" "see which, mend it or let it be overridden: $page" 2 ;;
      post_plan_awaiting_decision) fail "a run task wants a decision on the run $run" "decide there: $page" 2 ;;
      applied | planned_and_finished) fail "the run $run is over already ($now)" "plan again: $page" 2 ;;
    esac
    wait_or_give_up "the run $run is still $now ($page)"
  done
}

summary() {
  answer '.included[]? | select(.type == "plans") | .attributes
    | "\(.["resource-additions"] // 0) to add, \(.["resource-changes"] // 0) to change, \(.["resource-destructions"] // 0) to destroy"'
}

start() {
  TF_CLOUD_ORGANIZATION=${TF_CLOUD_ORGANIZATION:-}
  [ -n "$TF_CLOUD_ORGANIZATION" ] || fail "TF_CLOUD_ORGANIZATION is not set" "export the name of the organization"
  workspace=$1
  archive "$2" "$3"
  call GET "/organizations/$TF_CLOUD_ORGANIZATION/workspaces/$workspace"
  workspace_id=$(answer .data.id)
  upload "$workspace_id" "$4"
  jq -n --arg workspace "$workspace_id" --arg configuration "$configuration" --arg message "${RUN_MESSAGE:-run.sh}" --argjson attributes "$5" \
    '{data: {type: "runs", attributes: ({message: $message} + $attributes), relationships: {
      workspace: {data: {type: "workspaces", id: $workspace}},
      "configuration-version": {data: {type: "configuration-versions", id: $configuration}}}}}' > "$folder/body"
  call POST /runs "$folder/body"
  run=$(answer .data.id)
  page="$TFE_ADDRESS/app/$TF_CLOUD_ORGANIZATION/workspaces/$workspace/runs/$run"
  say "$page"
}

[ $# -gt 0 ] || fail "run.sh was given nothing to do" "give check, plan or apply; the head of this file says with what"
command=$1
shift
TFE_ADDRESS=${TFE_ADDRESS:-https://app.terraform.io}
TIMEOUT_SECONDS=${TIMEOUT_SECONDS:-3600}
POLL_SECONDS=${POLL_SECONDS:-5}
[ -n "${TFE_TOKEN:-}" ] || fail "TFE_TOKEN is not set" "export a team's token that may plan in the workspace"
case $TFE_TOKEN in
  *[!A-Za-z0-9._-]*) fail "TFE_TOKEN holds characters that no token has" "set it again, without quotes, blanks and line ends" ;;
esac
case $TFE_ADDRESS in
  https://* | http://127.0.0.1:*) ;;
  *) fail "TFE_ADDRESS is $TFE_ADDRESS" "give an https:// address: the token would go there in clear" ;;
esac
case $TIMEOUT_SECONDS$POLL_SECONDS in
  *[!0-9]*) fail "TIMEOUT_SECONDS and POLL_SECONDS are $TIMEOUT_SECONDS and $POLL_SECONDS" "give whole numbers of seconds" ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

case $command in
  check)
    [ $# -eq 3 ] || fail "check was given $# names" "give the workspace, the artifact and the environment"
    start "$@" true '{"plan-only": true}'
    follow planned_and_finished
    say "$(summary)"
    ;;
  plan)
    [ $# -eq 3 ] || fail "plan was given $# names" "give the workspace, the artifact and the environment"
    start "$@" false '{"save-plan": true, "auto-apply": false}'
    follow planned_and_saved planned_and_finished
    say "$(summary)"
    printf '%s\n' "$run"
    ;;
  apply)
    [ $# -eq 1 ] || fail "apply was given $# names" "give the id of the run that plan printed"
    run=$1
    page="$TFE_ADDRESS/api/v2/runs/$run"
    call GET "/runs/$run"
    if [ "$(answer '.data.attributes["has-changes"]')" = false ] && [ "$(answer .data.attributes.status)" = planned_and_finished ]; then
      say "the plan has no changes: nothing to apply"
      exit 0
    fi
    [ "$(answer '.data.attributes.actions["is-confirmable"]')" = true ] ||
      fail "the run $run cannot be applied: it is $(answer .data.attributes.status)" \
        "plan again: a plan that the state has moved on from is not applied" 2
    printf '{"comment": "run.sh"}' > "$folder/body"
    call POST "/runs/$run/actions/apply" "$folder/body"
    follow applied
    ;;
  *) fail "there is no $command" "give check, plan or apply" ;;
esac
