import type { Endpoint } from "./endpoint.js";
import type { Failure } from "./failure.js";

interface Place {
  readonly address: string;
  readonly port: number;
}

/** A look-up succeeded. */
export interface ResolveEvent {
  readonly type: "resolve";
  readonly hostname: string;
  readonly endpoints: readonly Endpoint[];
  /** How long the answer is used, after floor and ceiling, in milliseconds. */
  readonly ttlMs: number;
}

/** A look-up failed, and the answer before it stays in use. */
export interface StaleEvent {
  readonly type: "stale";
  readonly hostname: string;
  readonly error: Error;
  /** Since when that answer should no longer be used, in milliseconds; below zero if it still may. */
  readonly overdueMs: number;
}

/** An address stops getting requests. */
export interface EjectEvent extends Place {
  readonly type: "eject";
  readonly hostname: string;
  readonly reason: Failure;
  /** How long until it is probed, in milliseconds. */
  readonly forMs: number;
}

/** An ejected address answered, and gets requests again. */
export interface ReadmitEvent extends Place {
  readonly type: "readmit";
  readonly hostname: string;
}

/** An attempt failed, and another one follows. */
export interface RetryEvent {
  readonly type: "retry";
  readonly hostname: string;
  readonly method: string;
  readonly from: Place;
  readonly to: Place;
  readonly error: Error;
  /** 1 for the first retry of a request. */
  readonly retry: number;
}

/** So few addresses are left that all are used again, the ejected ones too. */
export interface PanicEvent {
  readonly type: "panic";
  readonly hostname: string;
  readonly eligible: number;
  readonly total: number;
}

export type DiscoveryEvent = ResolveEvent | StaleEvent | EjectEvent | ReadmitEvent | RetryEvent | PanicEvent;
