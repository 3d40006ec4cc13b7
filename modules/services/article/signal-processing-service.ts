import type { Construct } from "constructs";
import { ArticleService, type ArticleServiceProps } from "./article-service";

export type SignalProcessingServiceProps = ArticleServiceProps;

/**
 * Computes signals from the quotes of the stock service: the article's `services/signal_processing_service`. It runs on Fargate as `signal-processing-service`, is found in
 * Cloud Map by A and SRV records, and keeps its files under `/data` on EFS.
 *
 * ```ts
 * signal.connectTo(stock, { environment: "STOCK_SERVICE_URL" });
 * ```
 * Synthesis is refused for what ECS, Cloud Map or EFS would refuse
 */
export class SignalProcessingService extends ArticleService {
  public constructor(scope: Construct, id: string, props: SignalProcessingServiceProps) {
    super(scope, id, "signal-processing-service", props);
  }
}
