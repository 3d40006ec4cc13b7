import type { Construct } from "constructs";
import { ArticleService, type ArticleServiceProps } from "./article-service";

export type StockDataServiceProps = ArticleServiceProps;

/**
 * Stores stock quotes and gives them out: the article's `services/stock_data_service`. It runs on Fargate as `stock-service`, is found in
 * Cloud Map by A and SRV records, and keeps its files under `/data` on EFS.
 * Synthesis is refused for what ECS, Cloud Map or EFS would refuse
 */
export class StockDataService extends ArticleService {
  public constructor(scope: Construct, id: string, props: StockDataServiceProps) {
    super(scope, id, "stock-service", props);
  }
}
