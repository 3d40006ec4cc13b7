import type { Rules } from "./rule";

/** How long a prefix and an environment may be, each. */
export const MAX_QUALIFIER = 32;

/** Prefix, environment and tags of a stack, and the names that are made of them. */
export const platform = {
  part: {
    id: "platform-part",
    about:
      "Prefix and environment stand in names of all kinds: repositories take no upper case, load balancers no underscores, nothing a hyphen at either end.",
    held: "synth",
    allowed: `1 to ${MAX_QUALIFIER} lower case letters and digits, beginning with a letter; single hyphens between them`,
    mend: 'choose something short such as "acme" or "staging"',
    source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
  },
  room: {
    id: "platform-room",
    about:
      "A name that is cut to the limit of AWS must still tell the environment: roles have 64 characters, load balancers and target groups 32, and some of them keep each name apart from all others.",
    held: "synth",
    allowed: "prefix and environment that are not cut off in a name of the stack",
    mend: "shorten one of the two",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
  },
  first: {
    id: "platform-first",
    about:
      "Names are made when constructs are: what a stack's names begin with is said once, before the first of them.",
    held: "synth",
    allowed:
      "one `Platform.define` for each stack, before anything is put into it; a BaseStack has done it already",
    mend: "give prefix, environment and tags to the stack itself, or call `Platform.define` first in its constructor",
  },
  unique: {
    id: "platform-unique",
    about: "Two environments in one account and region cannot have a name twice.",
    held: "design",
    how: "Every name that an account or a region has once begins with prefix and environment, is followed by random characters, or both; docs/environments.md lists them.",
  },
  sameVpc: {
    id: "platform-same-vpc",
    about:
      "A DNS namespace and a private zone of one name are there once in a VPC: two environments that share a VPC need two names.",
    held: "left",
    how: "Which VPC an id of another stack stands for only its owner knows; `ConflictingDomainExists` ends the apply. `namespaceName` gives another name.",
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html",
  },
} as const satisfies Rules;
