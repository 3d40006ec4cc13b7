# For terraform plan and apply from a terminal: which organization and workspace, the environment says.
#   TF_CLOUD_ORGANIZATION=my-organization TF_WORKSPACE=trading-platform-production terraform init
# Leave it out of what run.sh uploads: there the workspace is known already.
terraform {
  cloud {}
}
