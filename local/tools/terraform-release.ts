/** The release of Terraform that is fetched if the machine has none. The tests were run with it. */
export const TERRAFORM_VERSION = "1.11.4";

/** HashiCorp's release site. A mirror with the same paths can be named in TERRAFORM_RELEASES_URL. */
export const RELEASES_URL = "https://releases.hashicorp.com";

/** SHA-256 of each archive, as `terraform_1.11.4_SHA256SUMS` on the release site lists them. */
const SHA256: Readonly<Record<string, string>> = {
  darwin_amd64: "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
  darwin_arm64: "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
  linux_amd64: "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
  linux_arm64: "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
};

/** An archive with the `terraform` program. */
export interface TerraformRelease {
  readonly url: string;
  readonly sha256: string;
}

/**
 * The release for a platform in Terraform's spelling, for example `linux_amd64`. Undefined if none is known.
 *
 * @param site where releases are; the default is HashiCorp's release site
 */
export function terraformRelease(platform: string, site = RELEASES_URL): TerraformRelease | undefined {
  const sha256 = SHA256[platform];
  if (sha256 === undefined) return undefined;
  const file = `terraform_${TERRAFORM_VERSION}_${platform}.zip`;
  return { url: `${site.replace(/\/+$/, "")}/terraform/${TERRAFORM_VERSION}/${file}`, sha256 };
}

/** This machine's platform in Terraform's spelling. */
export function terraformPlatform({ platform, arch }: { platform: string; arch: string } = process): string {
  return `${platform}_${arch === "x64" ? "amd64" : arch}`;
}
