import type { MirrorSearch } from "./provider-mirrors";
import type { Report } from "./report";
import type { TerraformRelease } from "./terraform-release";
import type { ToolsFolder } from "./tools-folder";

/** What finding and fetching a tool takes. */
export interface ToolsContext extends MirrorSearch {
  readonly folder: ToolsFolder;
  /** Whether nothing may be downloaded. */
  readonly offline: boolean;
  /** The release of Terraform to fetch. Undefined if none is known for this machine. */
  readonly release?: TerraformRelease;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** The reason that is given if a tool could be fetched and must not be. */
export const OFFLINE = "downloads are switched off by --offline";
