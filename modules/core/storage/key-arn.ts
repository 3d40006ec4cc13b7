/** True for the ARN of a KMS key itself, of its alias not. */
export function isKeyArn(arn: string): boolean {
  return /^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/.test(arn);
}
