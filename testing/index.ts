export { MOCK_AWS_PROVIDER, MOCK_VPC_ID } from "./mock-provider";
export type { OpenPorts } from "./open-ports";
export { SynthesizedStack, type Arguments } from "./synthesized-stack";
export { TerraformError, TerraformFolder, type CommandResult, type Variables } from "./terraform-folder";
export { Plan, type Action, type PlannedResource } from "./terraform-plan";
