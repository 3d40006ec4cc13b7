resource "aws_efs_file_system" "efs" {}

resource "aws_efs_mount_target" "mount_target" {
  for_each       = toset(var.subnets)
  file_system_id = aws_efs_file_system.efs.id
  subnet_id      = each.value
}
