import { ContainerImage } from "../../../modules/core/storage/container-image";
import { Ecr } from "../../../modules/core/storage/ecr";
import { image } from "../../../modules/rules";
import { service, web, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const tagged = (stack: SmallStack, tag: string): unknown => {
  const ecr = new Ecr(stack, "ecr", { repositoryName: "stock" });
  return service(stack, "stock", { containers: [web({ image: ContainerImage.fromEcr(ecr, tag) })] });
};
const named = (stack: SmallStack, name: string): unknown =>
  service(stack, "stock", { containers: [web({ image: ContainerImage.fromRegistry(name) })] });

export const IMAGE_TWINS: readonly Twin[] = [
  twin(image.tag, tagged, { bad: "-1.4", good: "1.4" }),
  twin(image.tag, tagged, { bad: "t".repeat(129), good: "t".repeat(128) }),
  twin(image.name, named, { bad: "nginx 1.27", good: "nginx:1.27" }),
  twin(image.name, named, { bad: `${"n".repeat(253)}:12`, good: `${"n".repeat(253)}:1` }),
  twin(image.digest, tagged, { bad: `sha256:${"0".repeat(63)}`, good: `sha256:${"0".repeat(64)}` }),
  twin(image.digest, tagged, { bad: `@sha256:${"0".repeat(64)}`, good: `sha256:${"0".repeat(64)}` }),
  twin(image.digest, named, {
    bad: `nginx@sha256:${"A".repeat(64)}`,
    good: `nginx@sha256:${"a".repeat(64)}`,
  }),
  twin(image.privateRegistry, named, {
    bad: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1.2.3",
    good: "public.ecr.aws/app:1.2.3",
  }),
  twin(image.privateRegistry, named, {
    bad: `123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app@sha256:${"0".repeat(64)}`,
    good: `dkr.ecr-fips.us-gov-west-1.amazonaws.com/app@sha256:${"0".repeat(64)}`,
  }),
  twin(image.privateRegistry, named, {
    bad: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/app:1",
    good: "1.dkr.ecr.cn-north-1.amazonaws.com.cn/team/app:1",
  }),
  twin(image.privateRegistry, named, {
    bad: "123456789012.dkr-ecr.eu-central-1.on.aws/app:1",
    good: "dkr-ecr.eu-central-1.on.aws/app:1",
  }),
  twin(image.latest, tagged, { bad: "latest", good: "latest-1" }),
  twin(image.latest, named, { bad: "nginx:latest", good: "nginx:1.27" }),
  twin(image.latest, named, { bad: "registry:5000/nginx", good: "registry:5000/nginx:1" }),
  twin(image.latest, named, { bad: "nginx", good: `nginx@sha256:${"0".repeat(64)}` }),
];
