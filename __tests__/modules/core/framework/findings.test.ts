import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, type App, type TerraformElement } from "cdktf";
import { terraformAddress } from "../../../../modules/core/framework/address";
import { checkFindings } from "../../../../modules/core/framework/findings";
import { service, SmallStack, testApp } from "../../stack-of";

/** A stack of a user's own, as docs/layout.md has it, without the validation. */
class OwnStack extends TerraformStack {
  public constructor(app: App) {
    super(app, "own");
    new AwsProvider(this, "aws");
  }

  protected override allocateLogicalId(element: TerraformElement): string {
    return terraformAddress(element);
  }
}

describe("two constructs of one Terraform address", () => {
  const fill = (stack: TerraformStack): void => {
    service(stack, "orders-api");
    service(stack, "orders_api", { serviceName: "orders-other" });
  };

  test("are found in a stack of the user's own: one of two services would be lost", () => {
    const app = testApp();
    fill(new OwnStack(app));
    expect(() => checkFindings(app)).toThrow(
      /own\/orders_api\/service: Terraform address is "aws_ecs_service\.orders_api"\n.*own\/orders-api\/service has this one/s,
    );
  });

  test("are reported once in a BaseStack, which looks for them itself", () => {
    const app = testApp();
    fill(new SmallStack(app));
    let message = "";
    try {
      checkFindings(app);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split('Terraform address is "aws_ecs_service.orders_api"')).toHaveLength(2);
  });

  test("are accepted in a stack that gives each an address of its own", () => {
    const app = testApp();
    const stack = new TerraformStack(app, "plain");
    new AwsProvider(stack, "aws");
    fill(stack);
    expect(() => checkFindings(app)).not.toThrow();
  });
});
