/** What all chains are made of. */
export const VPC_ID = "vpc-0a1b2c3d4e5f67890";
export const SUBNETS = ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"];
export const NAMESPACE = "chain.internal";
export const IMAGE = "public.ecr.aws/nginx/nginx:1.27";
export const PORT = 8080;
