package probe

// UsageEvent is what a run asked of S3 and what it cost, counted as it went.
// It is a run's last event, also of one that was interrupted.
type UsageEvent struct {
	// Requests counts requests by operation, the SDK's retries and those that
	// were never answered included.
	Requests map[string]int64 `json:"requests"`
	// BytesAtoB and BytesBtoA were uploaded at the direction's origin; S3
	// carries those that replicate to the other side.
	BytesAtoB int64 `json:"bytes_a_to_b"`
	BytesBtoA int64 `json:"bytes_b_to_a"`
	// ReplicatedAtoB and ReplicatedBtoA are the bytes that were seen to
	// arrive, which S3 bills as transfer between regions.
	ReplicatedAtoB int64 `json:"replicated_a_to_b"`
	ReplicatedBtoA int64 `json:"replicated_b_to_a"`
	// Dollars, Priced and PricesAsOf are as those of the estimate.
	Dollars    float64 `json:"dollars"`
	Priced     bool    `json:"priced"`
	PricesAsOf string  `json:"prices_as_of"`
}

// EventName implements pair.Event.
func (UsageEvent) EventName() string { return "usage" }
