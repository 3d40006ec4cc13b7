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
  twin(image.latest, tagged, { bad: "latest", good: "latest-1" }),
  twin(image.latest, named, { bad: "nginx:latest", good: "nginx:1.27" }),
  twin(image.latest, named, { bad: "registry:5000/nginx", good: "registry:5000/nginx:1" }),
  twin(image.latest, named, { bad: "nginx", good: `nginx@sha256:${"0".repeat(64)}` }),
];
