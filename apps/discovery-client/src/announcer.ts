import { channel } from "node:diagnostics_channel";
import process from "node:process";
import type { DiscoveryEvent } from "./discovery-event.js";

/**
 * Tells of events: on the channels `ecs-discovery-client:<type>` of `node:diagnostics_channel`, which anybody in the
 * process can listen to, and to the option's function.
 * @param listener whose `onEvent` it is, for a warning if that throws
 */
export function announcer(
  listener: string,
  onEvent: ((event: DiscoveryEvent) => void) | undefined,
): (event: DiscoveryEvent) => void {
  return (event) => {
    channel(`ecs-discovery-client:${event.type}`).publish(event);
    try {
      onEvent?.(event);
    } catch (error) {
      process.emitWarning(`${listener}: onEvent threw ${String(error)}`);
    }
  };
}
