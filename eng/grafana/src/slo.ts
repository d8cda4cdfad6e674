/** Seconds, or shares of one. */
export const objective = { availability: 0.999, connects: 0.95, delivery: 0.1 };

/** From where on the alerts of observability/prometheus/rules fire; panels draw their lines there. */
export const alertAbove = { pool: 0.8, processMemory: 0.85, redisMemory: 0.8, archiveAge: 600, waiting: 300 };

// The recording rules of observability/prometheus/rules say what counts. A ratio over no traffic is no series there; here it is what
// the next visitor would find: all is well if there is a service that answers a scrape, and nothing is if there is none.
// `max` takes the recorded name off, or each would be two lines: one by that name and one without.
export const availability = 'max(1 - replyx:availability_errors:ratio_rate5m) or max(up{job="api"})';
export const connectSuccess = 'max(replyx:websocket_connects_success:ratio_rate5m) or max(replyx:realtime_nodes:up > bool 0)';

export const budgetLeft = 'max(replyx:availability_budget_remaining:ratio30d) or vector(1)';
export const deliveryP99 = 'max(replyx:websocket_delivery_duration_seconds:p99) or vector(0)';
