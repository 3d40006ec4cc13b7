import { CallGraph } from "../../../../modules/services/calls/call-graph";
import type { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import { SynthesizedStack } from "../../../../testing";
import { service, SmallStack, testApp } from "../../stack-of";

/** A stack of services that each call the next. */
function chainOf(length: number): SmallStack {
  const stack = new SmallStack(testApp());
  const services = Array.from({ length }, (_, index) => service(stack, `service-${index}`));
  services.forEach((caller: EcsService, index) => {
    const next = services[index + 1];
    if (next) caller.connectTo(next);
  });
  return stack;
}

describe("a hundred services that each call the next", () => {
  const stack = chainOf(100);
  const synthesized = SynthesizedStack.from(stack);

  test("open a hundred less one ports, each to the next and to no other", () => {
    const expected = Array.from({ length: 99 }, (_, index) => `service_${index} -> service_${index + 1}:80`);
    expect(synthesized.openPorts().between).toEqual(expected.sort());
    expect(synthesized.openPorts().oneSided).toEqual([]);
    expect(CallGraph.of(stack).calls).toHaveLength(99);
  });

  test("take the same for each more: resources and text grow by as much from 50 to 100 as from 1 to 50", () => {
    const [one, fifty] = [1, 50].map((length) => SynthesizedStack.from(chainOf(length)));
    const count = (of: SynthesizedStack | undefined): number => of?.addresses().length ?? 0;
    const perService = (count(fifty) - count(one)) / 49;
    expect((count(synthesized) - count(fifty)) / 50).toBe(perService);
    const size = (of: SynthesizedStack | undefined): number => of?.toJson().length ?? 0;
    const growth = (size(synthesized) - size(fifty)) / 50 / ((size(fifty) - size(one)) / 49);
    // names get longer by a digit, nothing else does
    expect(growth).toBeLessThan(1.02);
  });
});
