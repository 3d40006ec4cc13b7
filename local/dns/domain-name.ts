/** The name in the form that names are compared in: DNS has no case, and a name ends at the root with or without a dot. */
export function normalized(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Whether it fits into a DNS message: labels of 1 to 63 bytes, 255 bytes in all (RFC 1035, 2.3.4). */
export function isDomainName(name: string): boolean {
  const labels = name.replace(/\.$/, "").split(".");
  return (
    labels.every((label) => Buffer.byteLength(label) >= 1 && Buffer.byteLength(label) <= 63) &&
    labels.reduce((length, label) => length + Buffer.byteLength(label) + 1, 1) <= 255
  );
}
