import { SocketAddress } from "node:net";
import type { Answer } from "dns-packet";

/** The data of a record as `dig +short` prints them. */
export function dataOf(record: Answer): string {
  switch (record.type) {
    case "A":
      return record.data;
    case "AAAA":
      return new SocketAddress({ address: record.data, family: "ipv6" }).address;
    case "CNAME":
    case "NS":
      return absolute(record.data);
    case "SOA": {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
      return [absolute(mname), absolute(rname), serial, refresh, retry, expire, minimum].join(" ");
    }
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = record.data;
      return `${priority} ${weight} ${port} ${absolute(target)}`;
    }
    default:
      throw new Error(`a ${record.type} record is not one that names of Cloud Map have`);
  }
}

/** A name with the dot at its end, and a backslash before what means something in a zone file. */
export function absolute(name: string): string {
  return `${name.replace(/["$();@\\]/g, "\\$&")}.`;
}
