import type { Rules } from "./rule";

const CONTAINER = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const RESOLUTION =
  "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability";

/** Names of container images. */
export const image = {
  tag: {
    id: "image-tag",
    about: "A tag has 1 to 128 characters; tasks with another one never start.",
    held: "synth",
    allowed: "1 to 128 letters, digits, _ . -, not starting with . or -, or a digest: sha256:...",
    mend: 'give the tag that was pushed, for example "1.4.2"',
    source: CONTAINER,
  },
  name: {
    id: "image-name",
    about: "The name of an image has at most 255 characters: registry, repository, tag or digest.",
    held: "synth",
    allowed: "a name of at most 255 letters, digits and _ : . / @ -",
    mend: 'give registry, repository and tag, for example "public.ecr.aws/nginx/nginx:1.27"',
    source: CONTAINER,
  },
  digest: {
    id: "image-digest",
    about: "A digest names one image for ever; with another one no task ever starts.",
    held: "synth",
    allowed: "sha256: and 64 hexadecimal digits in lower case",
    mend: "copy it from `aws ecr describe-images`, or from what the push printed",
    source: CONTAINER,
  },
  privateRegistry: {
    id: "image-private-ecr",
    about:
      "An image of a private ECR repository is pulled with rights on the repository; without them the task ends with CannotPullContainerError.",
    held: "synth",
    allowed:
      "an image that anybody may pull; one of a private ECR repository is given by ContainerImage.fromEcr",
    mend: "give ContainerImage.fromEcr(Ecr.fromEcrAttributes(scope, { repositoryUrl }), tag), which gives the rights",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html",
  },
  latest: {
    id: "image-latest",
    about:
      "latest, which is also meant where no tag is given, is another image tomorrow: a rollback starts what was pushed last, and the plan shows no change.",
    held: "warning",
    allowed: "a tag that is pushed once, or a digest",
    mend: "give the version, or acknowledge it where the registry has no other tag",
    source: RESOLUTION,
  },
  latestVariable: {
    id: "image-latest-variable",
    about: "latest is another image tomorrow, and into a repository of immutable tags it can be pushed once.",
    held: "plan",
    allowed: "a tag other than latest, unless the variable is made with `allowLatest`",
    mend: "give the version that was pushed, for example 1.4.2",
    source: RESOLUTION,
  },
} as const satisfies Rules;
