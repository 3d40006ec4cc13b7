"""EFS: backup policy, file system policy, protection, updates and access point rules."""

from __future__ import annotations

import json
import re
from typing import Any, Callable

from moto.efs import exceptions, models, responses, urls

from .patching import add_call, around, target

JSON = {"Content-Type": "application/json"}
ACCESS_POINT_PATH = r"(/|(/(?!\.)+[^$#<>;`|&?{}^*/\n]+){1,4})"
PERMISSIONS = r"[0-7]{3,4}"
PROTECTION_PATH = "/2015-02-01/file-systems/<file_system_id>/protection"


def file_system(self: Any) -> Any:
    """The file system that the request is about. moto ends with a KeyError where AWS answers 404."""
    file_system_id = self._get_param("FileSystemId")
    if file_system_id not in self.efs_backend.file_systems_by_id:
        raise exceptions.FileSystemNotFound(file_system_id)
    return self.efs_backend.file_systems_by_id[file_system_id]


def put_backup_policy(self: Any) -> Any:
    """AWS has PutBackupPolicy; moto answers 500, so `aws_efs_backup_policy` could not be applied."""
    status = self._get_param("BackupPolicy")["Status"]
    if status not in ("ENABLED", "DISABLED"):
        raise exceptions.BadRequest(f"Backup policy status must be ENABLED or DISABLED, not {status}.")
    file_system(self)._backup_status = status
    return json.dumps({"BackupPolicy": {"Status": status}}), JSON


def describe_backup_policy(original: Callable[..., Any], self: Any) -> Any:
    """After a PutBackupPolicy the status is known, DISABLED too: the provider waits for it on destroy."""
    status = getattr(file_system(self), "_backup_status", None)
    if status is None:
        return original(self)
    return json.dumps({"BackupPolicy": {"Status": status}}), JSON


def delete_file_system_policy(self: Any) -> Any:
    """AWS has DeleteFileSystemPolicy; moto answers 500, so `aws_efs_file_system_policy` stuck at destroy."""
    file_system(self).file_system_policy = None
    return "{}", JSON


def new_file_system(original: Callable[..., None], self: Any, *args: Any, **kwargs: Any) -> None:
    """AWS protects every file system from being overwritten by a replication, and says so when described."""
    original(self, *args, **kwargs)
    self.file_system_protection = {"ReplicationOverwriteProtection": "ENABLED"}


def update_file_system_protection(self: Any) -> Any:
    """AWS has UpdateFileSystemProtection; moto has no such path (404), so `protection` failed the apply."""
    wanted = self._get_param("ReplicationOverwriteProtection")
    if wanted not in ("ENABLED", "DISABLED"):
        raise exceptions.BadRequest("ReplicationOverwriteProtection must be ENABLED or DISABLED.")
    file_system(self).file_system_protection = {"ReplicationOverwriteProtection": wanted}
    return json.dumps({"ReplicationOverwriteProtection": wanted}), JSON


def update_file_system(self: Any) -> Any:
    """AWS has UpdateFileSystem (throughput); moto has not, so a changed throughput_mode failed the apply."""
    changed = file_system(self)
    changed.throughput_mode = self._get_param("ThroughputMode") or changed.throughput_mode
    if changed.throughput_mode == "provisioned":
        changed.provisioned_throughput_in_mibps = (
            self._get_param("ProvisionedThroughputInMibps") or changed.provisioned_throughput_in_mibps
        )
    else:
        changed.provisioned_throughput_in_mibps = None
    return json.dumps(changed.info_json()), {"status": 202, **JSON}


def create_access_point(original: Callable[..., Any], self: Any) -> Any:
    """AWS checks the path (at most four levels) and the octal permissions; moto takes anything."""
    file_system(self)
    root = self._get_param("RootDirectory") or {}
    path = root.get("Path", "/")
    if len(path) > 100 or not re.fullmatch(ACCESS_POINT_PATH, path):
        raise exceptions.BadRequest(
            f"Invalid root directory path '{path}': absolute, at most 100 characters and four levels."
        )
    permissions = (root.get("CreationInfo") or {}).get("Permissions")
    if permissions is not None and not re.fullmatch(PERMISSIONS, permissions):
        raise exceptions.BadRequest(f"Invalid permissions '{permissions}': three or four octal digits.")
    return original(self)


def close() -> None:
    handler = responses.EFSResponse
    add_call(handler, "put_backup_policy", put_backup_policy)
    around(handler, "describe_backup_policy", describe_backup_policy)
    add_call(handler, "delete_file_system_policy", delete_file_system_policy)
    around(models.FileSystem, "__init__", new_file_system)
    add_call(handler, "update_file_system_protection", update_file_system_protection)
    add_call(handler, "update_file_system", update_file_system)
    around(handler, "create_access_point", create_access_point)
    target(urls, "url_paths")[PROTECTION_PATH] = urls.response.dispatch
