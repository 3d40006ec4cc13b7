#!/bin/sh
# Packs a synthesized stack and this folder's files into the one artifact that every environment is deployed from:
#
#   BACKEND=none STACKS=trading-platform npm run synth
#   sh environments/pack.sh trading-platform artifact.tar.gz
#
# The same sources give the same bytes. Needs GNU tar, no Node.
set -eu

fail() {
  printf '\n%s\n    mend:    %s\n\n' "$1" "$2" >&2
  exit 1
}

[ $# -eq 2 ] || fail "pack.sh was given $# arguments" "give the stack and the file: sh environments/pack.sh trading-platform artifact.tar.gz"
stack=$1
archive=$2
environments=$(dirname "$0")
synthesized=cdktf.out/stacks/$stack

[ -f "$synthesized/cdk.tf.json" ] ||
  fail "there is no $synthesized/cdk.tf.json" "run this first, in the folder that cdktf.out is in: BACKEND=none STACKS=$stack npm run synth"
if grep -Eq '^ {4}"(backend|cloud)": ' "$synthesized/cdk.tf.json"; then
  fail "$synthesized was synthesized with a backend, and all environments would share its state" \
    "synthesize it without: BACKEND=none STACKS=$stack npm run synth"
fi
[ -f "$environments/.terraform.lock.hcl" ] ||
  fail "there is no $environments/.terraform.lock.hcl, so that each run could get other providers" \
    "make it once and commit it:
             terraform -chdir=$synthesized providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_arm64
             mv $synthesized/.terraform.lock.hcl $environments/"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# what synth writes, and not what a Terraform on this machine may have left beside it
cp "$synthesized/cdk.tf.json" "$folder"
[ ! -d "$synthesized/assets" ] || cp -R "$synthesized/assets" "$folder"
cp "$environments/.terraform.lock.hcl" "$environments/backend.tf" \
  "$environments"/*.s3.tfbackend "$environments"/*.tfvars.json "$folder"
chmod -R u=rwX,go=rX "$folder"

tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --directory "$folder" . | gzip -n > "$archive"
sha256sum "$archive"
