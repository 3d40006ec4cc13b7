import { describeProductsPayments } from "./products-payments";

// a file for each: they take minutes, which pass while others run
describeProductsPayments("service-connect");
