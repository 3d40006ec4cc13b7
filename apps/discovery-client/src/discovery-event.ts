import type { Endpoint } from "./endpoint.js";
import type { Failure } from "./failure.js";
import type { LookUpError } from "./look-up-error.js";

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
  /** For how long look-ups had failed before this one, in milliseconds; 0 if they had not. */
  readonly failedForMs: number;
}

/** A look-up failed, and the answer before it stays in use. */
export interface StaleEvent {
  readonly type: "stale";
  readonly hostname: string;
  /** Its `isAbsent` tells an outage of DNS from its answer that there is no address. */
  readonly error: LookUpError;
  /** When the first of the look-ups failed that have failed since, in milliseconds since the epoch. */
  readonly since: number;
  /** For how long that answer has run out, in milliseconds; below zero if it has not. */
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
